// Package mail sends the box's letters through the mail server of the configuration
// (SMTP, RFC 5321; STARTTLS, RFC 3207; TLS from the first byte, RFC 8314).
//
// Queue never waits: a letter is kept in memory, one copy for each receiver, and Run
// sends one after another. What fails for now is tried again, later and later, until
// the letter's deadline; what the server refuses for good is given up. Letters that
// wait are lost when the box stops. Send is for a person who wants to know now.
//
// The room owns its queue and runs one goroutine (Run). It is safe for concurrent use.
package mail
