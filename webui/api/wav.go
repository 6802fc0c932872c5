package api

import "encoding/binary"

// wavRate is the sample rate of a telephone line, in hertz.
const wavRate = 8000

// wav is a RIFF WAVE file of mono 16-bit samples at 8 kHz.
func wav(samples []int16) []byte {
	const header, bytesPerSample = 44, 2
	size := len(samples) * bytesPerSample
	le := binary.LittleEndian
	f := make([]byte, 0, header+size)
	f = append(f, "RIFF"...)
	f = le.AppendUint32(f, uint32(header-8+size))
	f = append(f, "WAVEfmt "...)
	f = le.AppendUint32(f, 16)                     // length of the format chunk
	f = le.AppendUint16(f, 1)                      // linear PCM
	f = le.AppendUint16(f, 1)                      // one channel
	f = le.AppendUint32(f, wavRate)                // samples a second
	f = le.AppendUint32(f, wavRate*bytesPerSample) // bytes a second
	f = le.AppendUint16(f, bytesPerSample)         // bytes a frame
	f = le.AppendUint16(f, 8*bytesPerSample)       // bits a sample
	f = append(f, "data"...)
	f = le.AppendUint32(f, uint32(size))
	for _, s := range samples {
		f = le.AppendUint16(f, uint16(s))
	}
	return f
}
