// Package locate finds the servers of a SIP provider in the DNS (RFC 3263): NAPTR
// says which transport, SRV which hosts in which order (RFC 2782), A and AAAA
// where they are. An address needs none of it, a name with a port no SRV, and a
// transport that is configured no NAPTR.
//
// A Locator owns a bounded cache of what it was told. It keeps to the time that
// each answer may be used, and goes on with an old answer (RFC 8767) for seven days
// when the name servers are dead, slow or talk nonsense, and for one when they say
// that there is no such name any more: a provider that was found once is not lost
// with them. Export and Restore take what is known over a restart, where it serves
// until the name servers have been asked again. Find waits for the network, for a bounded time, so that it
// belongs in the background and never on a call's path. It is safe for concurrent
// use and starts no goroutine that outlives it.
package locate
