package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
	"github.com/google/go-cmp/cmp"
)

// TestDemoContract checks what whoever scripts the demo relies on: demo.env, the
// transports it names, and that nothing of it can be reached from elsewhere.
func TestDemoContract(t *testing.T) {
	d := startDemo(t)
	text, err := os.ReadFile(demoEnv(d.dir))
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(demoEnv(d.dir)); info.Mode().Perm() != 0o600 {
		t.Errorf("demo.env holds passwords and has mode %v", info.Mode())
	}
	var keys []string
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		k, v, _ := strings.Cut(line, "=")
		keys = append(keys, k)
		if v == "" || strings.ContainsAny(v, " \"'$`\\;&|<>()") {
			t.Errorf("%q is not a plain shell assignment", line)
		}
	}
	want := strings.Fields(`SIP_HOST SIP_PORT SIP_TLS_PORT SIP_WS_PORT SIP_DOMAIN USER_A PASS_A USER_B PASS_B USER_C PASS_C
		EXT_QUEUE EXT_ECHO EXT_MUSIC EXT_CONFERENCE EXT_IVR EXT_UNKNOWN HTTP_URL ADMIN_USER ADMIN_PASS`)
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("demo.env: %s", diff)
	}
	for k, v := range map[string]string{"USER_A": "1001", "USER_B": "1002", "USER_C": "1003", "EXT_QUEUE": "700", "EXT_ECHO": "600",
		"EXT_MUSIC": "601", "EXT_CONFERENCE": "800", "EXT_IVR": "500", "EXT_UNKNOWN": "7999"} {
		if d.env[k] != v {
			t.Errorf("%s is %q, the contract says %q", k, d.env[k], v)
		}
	}

	at := func(port string) string { return net.JoinHostPort(d.env["SIP_HOST"], d.env[port]) }
	ca, err := os.ReadFile(filepath.Join(d.dir, "cert", "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	trust := x509.NewCertPool()
	trust.AppendCertsFromPEM(ca)
	for name, dial := range map[string]func() (net.Conn, error){
		"UDP": func() (net.Conn, error) { return net.Dial("udp", at("SIP_PORT")) },
		"TCP": func() (net.Conn, error) { return net.Dial("tcp", at("SIP_PORT")) },
		"TLS": func() (net.Conn, error) { return tls.Dial("tcp", at("SIP_TLS_PORT"), &tls.Config{RootCAs: trust}) },
	} {
		conn, err := dial()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := askOptions(conn, name, conn.Write, conn.Read); err != nil {
			t.Errorf("OPTIONS over %s: %v", name, err)
		}
		conn.Close()
	}
	dialer := ws.Dialer{Protocols: []string{"sip"}, Timeout: 5 * time.Second}
	conn, _, _, err := dialer.Dial(context.Background(), "ws://"+at("SIP_WS_PORT")+"/ws")
	if err != nil {
		t.Fatalf("WebSocket: %v", err)
	}
	defer conn.Close()
	err = askOptions(conn, "WS", func(b []byte) (int, error) { return len(b), wsutil.WriteClientText(conn, b) },
		func(b []byte) (int, error) { text, err := wsutil.ReadServerText(conn); return copy(b, text), err })
	if err != nil {
		t.Errorf("OPTIONS over WebSocket: %v", err)
	}
	if resp, err := http.Get(d.env["HTTP_URL"]); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("page: %v %v", resp, err)
	}
	for _, addr := range listening(t, d.cmd.Process.Pid) {
		if !addr.IsLoopback() {
			t.Errorf("the demo listens on %v", addr)
		}
	}
}

// askOptions sends an OPTIONS and wants its 200.
func askOptions(conn net.Conn, transport string, send, receive func([]byte) (int, error)) error {
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, err := send([]byte(fmt.Sprintf("OPTIONS sip:pasokh.local SIP/2.0\r\nVia: SIP/2.0/%s %s;rport;branch=z9hG4bKcontract\r\n"+
		"From: <sip:test@pasokh.local>;tag=1\r\nTo: <sip:pasokh.local>\r\nCall-ID: contract-%[1]s\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
		transport, conn.LocalAddr())))
	if err != nil {
		return err
	}
	answer := make([]byte, 65536)
	n, err := receive(answer)
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(answer[:n], []byte("SIP/2.0 200 ")) {
		return fmt.Errorf("answered %.60q", answer[:n])
	}
	return nil
}

// listening are the addresses of a process's IP sockets that take packets or
// connections from anybody.
func listening(t *testing.T, pid int) []net.IP {
	t.Helper()
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	if err != nil || len(fds) == 0 {
		t.Fatalf("no descriptors of process %d: %v", pid, err)
	}
	own := map[string]bool{}
	for _, fd := range fds {
		if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	var list []net.IP
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			continue
		}
		for _, line := range strings.Split(string(text), "\n")[1:] {
			f := strings.Fields(line)
			const listen, unconnected = "0A", "07"
			if len(f) < 10 || !own[f[9]] || f[3] != listen && f[3] != unconnected {
				continue
			}
			raw, err := hex.DecodeString(strings.Split(f[1], ":")[0])
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i+4 <= len(raw); i += 4 { // each word is in the machine's order
				raw[i], raw[i+1], raw[i+2], raw[i+3] = raw[i+3], raw[i+2], raw[i+1], raw[i]
			}
			list = append(list, net.IP(raw))
		}
	}
	if len(list) < 4 { // SIP over UDP, TCP and TLS, and the page
		t.Fatalf("only %d sockets found", len(list))
	}
	return list
}
