package trace

import (
	"encoding/binary"
	"net/netip"
)

// The file format of libpcap, with nanoseconds.
const (
	magicNano = 0xa1b23c4d
	linkRaw   = 101 // LINKTYPE_RAW: begins with an IP header
	protoUDP  = 17
	hops      = 64
	maxPacket = 65535
)

// PCAP is messages as a capture file. Each is one UDP packet, whatever carried
// it, so that it can be read without the connections' beginnings and keys.
func PCAP(messages []Message) []byte {
	f := PCAPHeader()
	for _, m := range messages {
		f = AppendPCAP(f, m)
	}
	return f
}

// PCAPHeader begins a capture file without an end.
func PCAPHeader() []byte {
	le := binary.LittleEndian
	f := le.AppendUint32(nil, magicNano)
	f = le.AppendUint16(f, 2) // version 2.4
	f = le.AppendUint16(f, 4)
	f = append(f, make([]byte, 8)...) // UTC; accuracy unknown
	f = le.AppendUint32(f, maxPacket)
	return le.AppendUint32(f, linkRaw)
}

// AppendPCAP adds a message to a capture file.
func AppendPCAP(f []byte, m Message) []byte {
	from, to := m.Local, m.Peer
	if m.In {
		from, to = to, from
	}
	p := packet(from, to, m.Text)
	le := binary.LittleEndian
	f = le.AppendUint32(f, uint32(m.At.Unix()))
	f = le.AppendUint32(f, uint32(m.At.Nanosecond()))
	f = le.AppendUint32(f, uint32(len(p)))
	f = le.AppendUint32(f, uint32(len(p)))
	return append(f, p...)
}

// packet is an IP packet (RFC 791, RFC 8200) with a UDP datagram (RFC 768).
func packet(from, to netip.AddrPort, text []byte) []byte {
	src, dst := addresses(from.Addr(), to.Addr())
	be := binary.BigEndian
	text = text[:min(len(text), maxPacket-40-8)]
	udp := be.AppendUint16(nil, from.Port())
	udp = be.AppendUint16(udp, to.Port())
	udp = be.AppendUint16(udp, uint16(8+len(text)))
	udp = be.AppendUint16(udp, 0)
	udp = append(udp, text...)
	var ip []byte
	if src.Is4() {
		ip = append(ip, 0x45, 0)
		ip = be.AppendUint16(ip, uint16(20+len(udp)))
		ip = append(ip, 0, 0, 0x40, 0, hops, protoUDP, 0, 0) // don't fragment
		ip = append(ip, src.AsSlice()...)
		ip = append(ip, dst.AsSlice()...)
		be.PutUint16(ip[10:], checksum(0, ip))
	} else {
		ip = append(ip, 0x60, 0, 0, 0)
		ip = be.AppendUint16(ip, uint16(len(udp)))
		ip = append(ip, protoUDP, hops)
		ip = append(ip, src.AsSlice()...)
		ip = append(ip, dst.AsSlice()...)
	}
	pseudo := append(src.AsSlice(), dst.AsSlice()...)
	sum := checksum(protoUDP+uint32(len(udp)), append(pseudo, udp...))
	if sum == 0 {
		sum = 0xffff // RFC 768: zero would mean none
	}
	be.PutUint16(udp[6:], sum)
	return append(ip, udp...)
}

// addresses are both of one family. A socket on no address in particular may
// have the other one.
func addresses(a, b netip.Addr) (netip.Addr, netip.Addr) {
	none := netip.IPv4Unspecified()
	if a.Is6() && !a.IsUnspecified() || b.Is6() && !b.IsUnspecified() {
		none = netip.IPv6Unspecified()
	}
	pick := func(a netip.Addr) netip.Addr {
		if a.IsValid() && a.Is4() == none.Is4() {
			return a.WithZone("")
		}
		return none
	}
	return pick(a), pick(b)
}

// checksum is the Internet checksum of b (RFC 1071), begun with sum.
func checksum(sum uint32, b []byte) uint16 {
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(b[0])<<8 | uint32(b[1])
	}
	if len(b) == 1 {
		sum += uint32(b[0]) << 8
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
