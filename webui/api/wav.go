package api

import (
	"encoding/binary"

	"github.com/pasokh/pasokh/telephony/sound"
)

// wavRate is the sample rate of a telephone line, in hertz.
const wavRate = 8000

// wav is a WAV file of mono 16-bit samples at 8 kHz.
func wav(samples []int16) []byte {
	f := sound.PCMHead(wavRate, 1, 2*int64(len(samples)))
	for _, s := range samples {
		f = binary.LittleEndian.AppendUint16(f, uint16(s))
	}
	return f
}
