package webhook

import (
	"net/netip"
	"testing"
	"time"
)

// TestSign is as openssl has it: printf '1.{}' | openssl dgst -sha256 -hmac key
func TestSign(t *testing.T) {
	if s := Sign("key", time.Unix(1, 0), []byte("{}")); s != "t=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224" {
		t.Error(s)
	}
}

func TestWhereMessagesMayGo(t *testing.T) {
	for address, want := range map[string][2]bool{ // with TLS, in the clear
		"93.184.216.34": {true, false}, "192.168.1.7": {true, true}, "127.0.0.1": {true, true}, "fd00::1": {true, true}, "2001:db8::1": {true, false},
		"169.254.169.254": {}, "fe80::1": {}, "0.0.0.0": {}, "224.0.0.1": {}, "255.255.255.255": {},
	} {
		for i, plain := range []bool{false, true} {
			if err := reachable(netip.MustParseAddr(address), plain); (err == nil) != want[i] {
				t.Errorf("%s, in the clear %t: %v", address, plain, err)
			}
		}
	}
}
