package dialog

import (
	"runtime"
	"sync"
)

// serial runs functions one after another in the order they were given, in a
// goroutine that exists only while there is something to run.
type serial struct {
	mu      sync.Mutex
	queue   []func()
	running bool
}

// do queues f. It never blocks.
func (s *serial) do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, f)
	if !s.running {
		s.running = true
		go func() {
			Deepen()
			s.drain()
		}()
	}
}

// len is how many functions wait.
func (s *serial) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// run is do for a goroutine that holds no lock and has nothing else to do: it runs f,
// and what is queued behind it, itself. While another goroutine runs functions, f is
// left to that one.
func (s *serial) run(f func()) {
	s.mu.Lock()
	s.queue = append(s.queue, f)
	if s.running {
		s.mu.Unlock()
		return
	}
	s.running = true
	s.mu.Unlock()
	s.drain()
}

func (s *serial) drain() {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.running = false
			s.mu.Unlock()
			return
		}
		f := s.queue[0]
		s.queue[0] = nil
		s.queue = s.queue[1:]
		s.mu.Unlock()
		f()
	}
}

// Deepen makes the stack of a new goroutine as large as serving a message takes. It
// would get there by itself, copied three times on the way while more and more of it
// is in use.
//
//go:noinline
func Deepen() {
	var room [9 << 10]byte
	runtime.KeepAlive(&room)
}
