// Package trunk keeps the box's SIP trunks alive: it finds the servers of providers
// (package locate), registers with them (RFC 3261 10.2), asks every server now and
// then whether it is there (OPTIONS, RFC 3261 11) and knows which of them to call
// through and whom to let in.
//
// A Set follows the configuration. Each Trunk has one goroutine that registers, one
// for each server of the configuration that looks it up again when its time has
// come, and one for each address found that asks; what they find is behind the
// trunk's lock. A call uses what is known and waits for none of them. A server that
// fails is barred for a while that doubles from 30 s to 5 min, or as its
// Retry-After says; one that comes back is used, and registered with, again.
//
// A registration is refreshed at four fifths of its life. One that fails is tried
// again after a pause that doubles and is random, so that boxes do not come back
// all at once (RFC 5626 4.5). A trunk that leaves the configuration takes its
// registration back before its successor registers.
//
// Credentials are given only to the server that a request was sent to, for the
// realm that is configured or took them first, and once: a server that refuses
// them knows another password. With TLS the server's certificate must be for the
// name that is configured, whatever the DNS says (RFC 5922 7.2).
package trunk
