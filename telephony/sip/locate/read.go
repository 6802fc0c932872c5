package locate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// recordType is a type of records that we ask for.
type recordType = dnsmessage.Type

const (
	typeA     = dnsmessage.TypeA
	typeAAAA  = dnsmessage.TypeAAAA
	typeSRV   = dnsmessage.TypeSRV
	typeNAPTR = recordType(35) // RFC 3403
)

// record is one answer; which field is set depends on the question.
type record struct {
	addr  netip.Addr
	srv   srv
	naptr naptr
}

type srv struct {
	priority, weight, port uint16
	target                 string
}

type naptr struct {
	order, preference            uint16
	flags, services, replacement string
}

// transport is what a NAPTR record's service means to us (RFC 3263 4.1); "" when
// it is of another service.
func (n naptr) transport() string {
	switch strings.ToUpper(n.services) {
	case "SIP+D2U":
		return UDP
	case "SIP+D2T":
		return TCP
	case "SIPS+D2T":
		return TLS
	}
	return ""
}

var (
	errGarbage   = errors.New("not an answer to what was asked")
	errTruncated = errors.New("answer too long for a packet")
)

// Bounds of an answer.
const (
	maxRecords = 64
	maxAliases = 8
)

// read reads the answer to a question: its records and how long they may be used.
// No records and no error means that there are none.
func read(b []byte, id uint16, q question) ([]record, time.Duration, error) {
	var p dnsmessage.Parser
	h, err := p.Start(b)
	if err != nil || h.ID != id || !h.Response {
		return nil, 0, errGarbage
	}
	asked, err := p.AllQuestions()
	if err != nil || len(asked) != 1 || asked[0].Type != q.kind || !strings.EqualFold(asked[0].Name.String(), q.name) {
		return nil, 0, errGarbage
	}
	switch {
	case h.Truncated:
		return nil, 0, errTruncated
	case h.RCode != dnsmessage.RCodeSuccess && h.RCode != dnsmessage.RCodeNameError:
		return nil, 0, fmt.Errorf("name server says %s", strings.TrimPrefix(h.RCode.String(), "RCode"))
	}
	var rr []record
	life := time.Duration(math.MaxInt64)
	name, aliases := q.name, 0
	for range maxRecords {
		r, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			break
		}
		if err != nil {
			return nil, 0, errGarbage
		}
		if !strings.EqualFold(r.Name.String(), name) || r.Type != q.kind && r.Type != dnsmessage.TypeCNAME {
			if p.SkipAnswer() != nil {
				return nil, 0, errGarbage
			}
			continue
		}
		life = min(life, time.Duration(r.TTL)*time.Second)
		if r.Type == dnsmessage.TypeCNAME {
			alias, err := p.CNAMEResource()
			if aliases++; err != nil || aliases > maxAliases {
				return nil, 0, errGarbage
			}
			name = alias.CNAME.String()
			continue
		}
		one, err := readRecord(&p, q.kind)
		if err != nil {
			return nil, 0, errGarbage
		}
		rr = append(rr, one)
	}
	if len(rr) == 0 {
		life = time.Minute // RFC 2308 has it of the SOA record, which few send right
	}
	return rr, life, nil
}

func readRecord(p *dnsmessage.Parser, kind recordType) (record, error) {
	switch kind {
	case typeA:
		r, err := p.AResource()
		return record{addr: netip.AddrFrom4(r.A)}, err
	case typeAAAA:
		r, err := p.AAAAResource()
		return record{addr: netip.AddrFrom16(r.AAAA).Unmap()}, err
	case typeSRV:
		r, err := p.SRVResource()
		return record{srv: srv{r.Priority, r.Weight, r.Port, r.Target.String()}}, err
	}
	r, err := p.UnknownResource()
	if err != nil {
		return record{}, err
	}
	n, err := readNAPTR(r.Data)
	if err != nil {
		return record{}, nil // of use to nobody, and no reason to refuse the others
	}
	return record{naptr: n}, nil
}

// readNAPTR reads the data of a NAPTR record (RFC 3403 4.1). Its name must not be
// compressed.
func readNAPTR(b []byte) (n naptr, err error) {
	if len(b) < 4 {
		return n, errGarbage
	}
	n.order, n.preference = binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
	b = b[4:]
	text := func() (s string) {
		if len(b) == 0 || len(b) < 1+int(b[0]) {
			err = errGarbage
			return ""
		}
		s, b = string(b[1:1+int(b[0])]), b[1+int(b[0]):]
		return s
	}
	n.flags, n.services = text(), text()
	expression := text()
	var name strings.Builder
	for err == nil && len(b) > 0 && b[0] != 0 {
		if b[0] > 63 {
			return n, errGarbage
		}
		name.WriteString(text() + ".")
	}
	if expression == "" { // RFC 3263 4.1 has no use for others
		n.replacement = name.String()
	}
	if err == nil && (len(b) != 1 || name.Len() > 255) {
		err = errGarbage
	}
	return n, err
}
