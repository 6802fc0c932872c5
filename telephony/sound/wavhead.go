package sound

import "encoding/binary"

// Sizes of the heads that PCMHead and ALawHead write, in bytes.
const (
	PCMHeadSize  = 44
	ALawHeadSize = 58
)

// MaxALaw is the most sound that a WAV file of A-law can hold, in bytes: RIFF sizes
// are 32 bits, 37 hours in stereo at 16 kHz.
const MaxALaw = 1<<32 - 1 - ALawHeadSize

// PCMHead is the head of a WAV file with data bytes of 16-bit samples, rate of them a
// second for each channel.
func PCMHead(rate, channels int, data int64) []byte {
	return wavHead(PCMHeadSize, formatPCM, rate, channels, 2, data)
}

// ALawHead is the head of a WAV file with data bytes of A-law. Formats other than
// linear PCM have a fact chunk (RIFF New Multimedia Data Types, 1994).
func ALawHead(rate, channels int, data int64) []byte {
	return wavHead(ALawHeadSize, formatALaw, rate, channels, 1, data)
}

// wavHead takes width as the bytes of a sample.
func wavHead(size, format, rate, channels, width int, data int64) []byte {
	le, moment := binary.LittleEndian, channels*width
	h := append(make([]byte, 0, size), "RIFF"...)
	h = le.AppendUint32(h, uint32(int64(size)-8+data))
	h = append(h, "WAVEfmt "...)
	fmtSize := uint32(16)
	if format != formatPCM {
		fmtSize += 2
	}
	h = le.AppendUint32(h, fmtSize)
	h = le.AppendUint16(h, uint16(format))
	h = le.AppendUint16(h, uint16(channels))
	h = le.AppendUint32(h, uint32(rate))
	h = le.AppendUint32(h, uint32(rate*moment)) // bytes a second
	h = le.AppendUint16(h, uint16(moment))
	h = le.AppendUint16(h, uint16(8*width)) // bits a sample
	if format != formatPCM {
		h = le.AppendUint16(h, 0) // nothing more about the format
		h = le.AppendUint32(append(h, "fact"...), 4)
		h = le.AppendUint32(h, uint32(data/int64(moment)))
	}
	return le.AppendUint32(append(h, "data"...), uint32(data))
}
