// Package trunk keeps the box's SIP trunks alive: it registers with providers
// (RFC 3261 10.2), asks every server now and then whether it is there (OPTIONS,
// RFC 3261 11) and knows which of them to call through and whom to let in.
//
// A Set follows the configuration. Each Trunk has one goroutine that registers
// and one for each of its servers that asks; what they find is behind the trunk's
// lock. A registration is refreshed at four fifths of its life. One that fails is
// tried again after a pause that doubles and is random, so that boxes do not come
// back all at once (RFC 5626 4.5).
//
// Credentials are given only to the server that a request was sent to, whatever
// realm it names, and once: a server that refuses them knows another password.
package trunk
