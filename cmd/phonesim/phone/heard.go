package phone

import (
	"encoding/binary"
	"math"
	"os"
	"time"
)

// Heard is a measurement of what a call has heard.
type Heard struct {
	Packets int     `json:"packets"`
	Lost    int     `json:"lost"`
	Breaks  int     `json:"breaks"` // times that another source was heard, or time went back
	Pause   float64 `json:"pause"`  // longest between two packets, in seconds
	Seconds float64 `json:"seconds"`
	Level   float64 `json:"level"` // RMS amplitude of the whole, 0..32767
	Hz      int     `json:"hz,omitempty"`
	Share   float64 `json:"share"` // of the power that is at Hz, 0..1
}

// Measure measures the last so many seconds of sound at a frequency in Hz; 0
// measures everything heard.
func (a *Audio) Measure(hz int, last time.Duration) Heard {
	a.mu.Lock()
	pcm := a.pcm
	if n := int(last * rate / time.Second); n > 0 && n < len(pcm) {
		pcm = pcm[len(pcm)-n:]
	}
	h := Heard{Packets: a.packets, Lost: a.lost, Breaks: a.breaks, Pause: a.pause.Seconds(), Seconds: float64(len(pcm)) / rate, Hz: hz}
	a.mu.Unlock()
	var power, re, im float64
	for i, v := range pcm {
		x := float64(v)
		w := 2 * math.Pi * float64(hz) * float64(i) / rate
		power += x * x
		re += x * math.Cos(w)
		im += x * math.Sin(w)
	}
	if n := float64(len(pcm)); power > 0 {
		h.Level = math.Sqrt(power / n)
		h.Share = 2 * (re*re + im*im) / n / power
	}
	return h
}

// Forget begins anew to look for the longest pause.
func (a *Audio) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pause = 0
}

// Heard is everything heard, 8000 samples a second.
func (a *Audio) Heard() []int16 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pcm[:len(a.pcm):len(a.pcm)] // what follows is appended behind it
}

// Save writes everything heard as a WAV file.
func (a *Audio) Save(name string) error {
	pcm := a.Heard()
	b := make([]byte, 0, 44+2*len(pcm))
	u32, u16 := binary.LittleEndian.AppendUint32, binary.LittleEndian.AppendUint16
	b = append(b, "RIFF"...)
	b = u32(b, uint32(36+2*len(pcm)))
	b = append(b, "WAVEfmt "...)
	b = u32(b, 16)
	b = u16(u16(b, 1), 1) // PCM, mono
	b = u32(u32(b, rate), 2*rate)
	b = u16(u16(b, 2), 16)
	b = append(b, "data"...)
	b = u32(b, uint32(2*len(pcm)))
	for _, v := range pcm {
		b = u16(b, uint16(v))
	}
	return os.WriteFile(name, b, 0o644)
}
