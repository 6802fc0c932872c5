package media

import "testing"

func TestSequence(t *testing.T) {
	var q sequence
	for i, step := range []struct {
		ssrc uint32
		seq  uint16
		want verdict
		lost uint64
	}{
		{1, 65534, restart, 0}, {1, 65535, fresh, 0}, {1, 0, fresh, 0}, {1, 0, duplicate, 0},
		{1, 3, fresh, 2}, {1, 1, fresh, 1}, {1, 1, duplicate, 1}, {1, 65535, duplicate, 1},
		{2, 500, restart, 1}, {2, 502, fresh, 2}, {2, 9000, restart, 2}, {2, 8999, fresh, 2}, {2, 5, restart, 2},
	} {
		if got := q.take(step.ssrc, step.seq); got != step.want || q.missing() != step.lost {
			t.Fatalf("step %d: verdict %d lost %d, want %d and %d", i, got, q.missing(), step.want, step.lost)
		}
	}
}
