package sound

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// halfRate turns the frames of an MP3 file of a half or quarter rate (ISO 13818-3 2.4.3.4,
// and what is called MPEG-2.5) into ones that the decoder understands. It reads those of
// MPEG-2, but takes padded frames for a byte shorter than they are, and none of MPEG-2.5,
// whose bands at 11025 and 12000 Hz are those of MPEG-2 at 16000.
//
// So each frame is written anew without padding or checksum, in the largest size there
// is, with all that belongs to it inside: what it has in frames before it is fetched from
// there. Only what does not fit goes to the free end of the frame before. Bits are copied
// and none decoded.
type halfRate struct {
	r    *bufio.Reader
	like mp3Header // of the first frame
	back []byte    // the last bytes of sound data before the frame
	held []byte    // the frame made last, whose end the next one may use
	free int       // bytes at its end that it does not use
	out  []byte    // written and not read yet
}

// mp3Header is the first four bytes of a frame.
type mp3Header uint32

// Parts of a header: version, layer, no checksum, bit rate, rate, padding.
const (
	mp3Sync     = 0xffe00000
	mp3Version  = 3 << 19
	mp3Version2 = 2 << 19
	mp3Version1 = 3 << 19
	mp3Layer    = 3 << 17
	mp3Layer3   = 1 << 17
	mp3Plain    = 1 << 16
	mp3Bits     = 15 << 12
	mp3MostBits = 14 << 12 // 160 kbit/s
	mp3Rate     = 3 << 10
	mp3Rate16   = 2 << 10
	mp3Padding  = 1 << 9
	mp3Mode     = 3 << 6
	mp3Mono     = 3 << 6
	mp3Same     = mp3Sync | mp3Version | mp3Layer | mp3Rate // of all frames of a file
)

const mostBack = 255 // bytes before a frame that it can use

// ok tells whether it is the header of a frame of layer III.
func (h mp3Header) ok() bool {
	return h&mp3Sync == mp3Sync && h&mp3Version != 1<<19 && h&mp3Layer == mp3Layer3 &&
		h&mp3Bits != 0 && h&mp3Bits != mp3Bits && h&mp3Rate != mp3Rate
}

// half tells whether it is of MPEG-2 or 2.5.
func (h mp3Header) half() bool { return h&mp3Version != mp3Version1 }

// rate is the samples a second of a half or quarter rate.
func (h mp3Header) rate() int {
	hz := [...]int{22050, 24000, 16000}[h&mp3Rate>>10]
	if h&mp3Version != mp3Version2 {
		hz /= 2
	}
	return hz
}

// size is the bytes of a frame of a half or quarter rate.
func (h mp3Header) size() int {
	bits := 1000 * [...]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0}[h&mp3Bits>>12]
	return 72*bits/h.rate() + int(h&mp3Padding>>9)
}

// side is the bytes of a frame's side information.
func (h mp3Header) side() int {
	if h&mp3Mode == mp3Mono {
		return 9
	}
	return 17
}

// firstHeader finds the first frame of a file in what a reader holds; 0 if there is none.
func firstHeader(b *bufio.Reader) mp3Header {
	head, _ := b.Peek(4096) // a short file is one too
	for ; len(head) >= 4; head = head[1:] {
		if h := mp3Header(binary.BigEndian.Uint32(head)); h.ok() {
			return h
		}
	}
	return 0
}

// Read reads frames as the decoder wants them.
func (f *halfRate) Read(b []byte) (int, error) {
	for len(f.out) == 0 {
		err := f.frame()
		if errors.Is(err, io.EOF) && f.held != nil {
			f.out, f.held, err = f.held, nil, nil
		}
		if err != nil {
			return 0, err
		}
	}
	n := copy(b, f.out)
	f.out = f.out[n:]
	return n, nil
}

// frame makes the next frame. What lies between frames is passed by.
func (f *halfRate) frame() error {
	head, err := f.r.Peek(4)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return io.EOF // the rest is too short
		}
		return err
	}
	h := mp3Header(binary.BigEndian.Uint32(head))
	if h&mp3Same != f.like&mp3Same || !h.ok() {
		_, err := f.r.Discard(1)
		return err
	}
	in, err := f.r.Peek(h.size())
	if err != nil {
		if errors.Is(err, io.EOF) {
			return io.EOF // the last frame is cut off
		}
		return err
	}
	at := 4
	if h&mp3Plain == 0 {
		at += 2
	}
	if len(in) < at+h.side() {
		_, err := f.r.Discard(1)
		return err
	}
	err = f.rewrite(h, in[at:at+h.side()], in[at+h.side():])
	if _, skip := f.r.Discard(len(in)); err == nil {
		err = skip
	}
	return err
}

// rewrite writes a frame of side information and sound data.
func (f *halfRate) rewrite(h mp3Header, side, data []byte) error {
	begins := int(side[0]) // bytes before the frame
	wide := h&^(mp3Version|mp3Bits|mp3Padding) | mp3Version2 | mp3Plain | mp3MostBits
	if h&mp3Version != mp3Version2 {
		wide = wide&^mp3Rate | mp3Rate16
	}
	size := wide.size()
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(wide))
	body := out[4+len(side):]
	free := len(body)
	if begins <= len(f.back) { // else it was cut off: silence
		sound := append(f.back[len(f.back)-begins:len(f.back):len(f.back)], data...)
		sound = sound[:min(len(sound), (soundBits(h, side)+7)/8)]
		before := max(0, len(sound)-len(body))
		if before > min(f.free, mostBack) {
			return errDense.with(h.rate())
		}
		copy(out[4:], side)
		out[4] = byte(before)
		copy(f.held[len(f.held)-before:], sound)
		free -= copy(body, sound[before:])
	}
	f.back = append(f.back, data...)
	f.back = append(f.back[:0], f.back[max(0, len(f.back)-mostBack):]...)
	f.out, f.held, f.free = f.held, out, free
	return nil
}

// soundBits is how long the sound data of a frame is: the part2_3_length of its channels.
func soundBits(h mp3Header, side []byte) (bits int) {
	first, channels := 9, 1
	if h&mp3Mode != mp3Mono {
		first, channels = 10, 2
	}
	for c := range channels {
		at := first + 63*c
		for i := at; i < at+12; i++ {
			bits += int(side[i/8]>>(7-i%8)&1) << (at + 11 - i)
		}
	}
	return bits
}
