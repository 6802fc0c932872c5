// Package alert tells people what is wrong with the box, and when it is over.
//
// It reads the board of health. A problem is told once it has lasted for a while, with
// others that began about then in one message; what is still wrong is repeated
// seldom, and its end is told too. A problem that comes and goes is one problem. Who
// was told what is kept over a restart.
//
// Messages go over channels: letters (package mail) and a webhook, which is signed. A
// channel queues what it is given and tries by itself; SMS will be one more when there
// is a modem.
//
// The room owns its book and runs in one goroutine (Run). It is safe for concurrent use.
package alert
