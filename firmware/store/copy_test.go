package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"
)

// TestACopyIsWholeWhileTheStoreIsWritten copies files under a writer, and opens the
// copies as a store of their own.
func TestACopyIsWholeWhileTheStoreIsWritten(t *testing.T) {
	dir := t.TempDir()
	s, _ := open(t, dir)
	l := s.Log("ledger")
	stop, ended := make(chan struct{}), make(chan int)
	go func() {
		i := 0
		defer func() { ended <- i }()
		for ; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if s.Put("b", fmt.Sprint(i), []byte(value(1, i))) != nil {
				return
			}
			l.Append(november.AddDate(0, 0, -10).Add(time.Duration(i)*time.Second), fmt.Append(nil, i))
			if i%10 == 0 {
				_ = l.Flush(t.Context()) // an error would be told below
			}
		}
	}()
	for round := range 10 {
		copies := t.TempDir()
		for {
			if v, err := s.Get("b", fmt.Sprint(round*20+11)); err == nil && v != nil {
				break
			}
		}
		for _, name := range []string{mainFile, "ledger-2026-11.db"} {
			if err := s.CopyFile(name, filepath.Join(copies, name)); err != nil {
				t.Fatal(err)
			}
			if err := Check(filepath.Join(copies, name)); err != nil {
				t.Error(err)
			}
		}
		c, tr := open(t, copies)
		if c.Recovered() != "" {
			t.Error(c.Recovered())
		}
		wantValue(t, c, fmt.Sprint(round*20+11), value(1, round*20+11))
		if got := records(t, c.Log("ledger"), time.Time{}, always); len(got) < round*20 || len(tr.all()) > 0 {
			t.Errorf("round %d: %d records, %v", round, len(got), tr.all())
		}
		closeStore(t, c)
	}
	close(stop)
	if n := <-ended; n < 191 {
		t.Errorf("the writer ended after %d", n)
	}
	if err := s.CopyFile("ledger-2027-05.db", filepath.Join(t.TempDir(), "x")); err == nil {
		t.Error("a month that is not there was copied")
	}
	for name, want := range map[string]bool{mainFile: true, "ledger-2026-11.db": true, "x-2026-13.db": false, "-2026-11.db": false, "pasokh.db.snapshot": false, "cert.pem": false} {
		if IsFile(name) != want {
			t.Errorf("IsFile(%s) is %v", name, !want)
		}
	}
	closeStore(t, s)
}
