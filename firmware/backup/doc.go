// Package backup makes copies of the box, keeps them in several places, restores them,
// and proves each week that they can be restored.
//
// A backup is one file: a tar of the data directory (the store's values and months,
// certificates, sounds, messages, recordings if they are wanted), packed with gzip and
// encrypted with a passphrase (age, https://age-encryption.org/v1). Its first entry is a
// Header, its last the manifest: every file with its size and SHA-256. A backup that
// was cut off or changed anywhere is refused, and so is one of a newer format.
//
// Nothing waits for a backup: the store's files are copied one at a time beside
// themselves and read from there, and the work rests as long as it works.
//
// A restore is prepared in a folder of the data directory, opened and checked there
// like in the weekly rehearsal, and takes the place of the old state at the next
// start (Settle). The old state is kept aside until the box has run well for a while
// (Healthy); if it does not come up, the next start puts the old state back.
//
// The room owns its folders in the data directory and runs one job at a time in one
// goroutine (Run). It is safe for concurrent use.
package backup
