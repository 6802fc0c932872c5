// Package identity knows who may sign in to the box, and keeps their sessions.
//
// Threats and answers. A stranger on the network: a new box has no password at
// all, and whoever takes it must know a token that only its console shows
// (Claim). Guessing: after five wrong passwords for a user from one source every
// further try must wait, twice as long each time; passwords are hashed with
// argon2id, one at a time, so that many guesses at once cannot take the memory.
// Finding out names: an unknown user costs the same time and gets the same error.
// A stolen disk: only hashes are kept, and sessions live in memory. A stolen
// session token: it ends after 12 hours without use, after a week, and when the
// password changes; the token itself is kept only as a hash.
//
// A guessed or stolen password: a second step by a phone (RFC 6238), each code of which
// counts once. Somebody inside: six roles (Role) have rights (Right); only an owner makes
// owners, and the last one stays. Programs get tokens that can do no more than their user,
// and less by scope; they and invitations are kept as hashes too. The keys of second steps
// are not: they must be computed with.
//
// A Keeper is safe for concurrent use and starts no goroutines.
package identity
