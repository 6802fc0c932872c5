package api

import (
	"encoding/binary"
	"io"
	"net/http"
	"time"

	"github.com/pasokh/pasokh/telephony/sound"
)

// wavRate is the sample rate of a telephone line, in hertz.
const wavRate = 8000

// sendWAV sends a WAV file, with ranges so that players can seek. With ?save a browser
// stores it under a name.
func sendWAV(w http.ResponseWriter, req *http.Request, name string, file io.ReadSeeker) error {
	h := w.Header()
	h.Set("Content-Type", "audio/wav")
	h.Set("Cache-Control", "no-store")
	if req.URL.Query().Has("save") {
		h.Set("Content-Disposition", `attachment; filename="`+name+`.wav"`)
	}
	http.ServeContent(w, req, "", time.Time{}, file)
	return nil
}

// wav is a WAV file of mono 16-bit samples at 8 kHz.
func wav(samples []int16) []byte {
	f := sound.PCMHead(wavRate, 1, 2*int64(len(samples)))
	for _, s := range samples {
		f = binary.LittleEndian.AppendUint16(f, uint16(s))
	}
	return f
}
