package store

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestBackIsScanTurnedRound(t *testing.T) {
	s, _ := open(t, t.TempDir())
	l := s.Log("ledger")
	for i := range 900 { // over the end of the month, and more than one step of reading
		l.Append(november.Add(time.Duration(i-450)*time.Second), fmt.Appendf(nil, "%03d", i))
	}
	flush(t, l)
	for _, span := range [][2]int{{0, 900}, {-5, 2000}, {10, 20}, {440, 460}, {452, 453}, {7, 7}, {800, 900}, {899, 3000}} {
		from, to := november.Add(time.Duration(span[0]-450)*time.Second), november.Add(time.Duration(span[1]-450)*time.Second)
		want := records(t, l, from, to)
		slices.Reverse(want)
		var got []string
		if err := l.Back(t.Context(), from, to, func(_ time.Time, data []byte) error {
			got = append(got, string(data))
			return nil
		}); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v: %d back, %d forth, %v", span, len(got), len(want), err)
		}
	}
}
