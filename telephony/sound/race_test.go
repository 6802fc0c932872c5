//go:build race

package sound

func init() { raceEnabled = true }
