package storage

// Day is the disk at the end of a day.
type Day struct {
	Day     string `json:"day"`     // "2026-11-22", of the box
	Free    int64  `json:"free"`    // bytes, the last that was seen
	Written int64  `json:"written"` // bytes, by all programs
}

// kept is how many days are kept, span how many a forecast looks at.
const (
	kept = 60
	span = 14
)

// daysLeft is how many days the room lasts if it shrinks on as in the last two weeks;
// -1: it does not shrink, or too few days are known.
func daysLeft(days []Day) int {
	if len(days) > span {
		days = days[len(days)-span:]
	}
	n := len(days)
	if n < 4 {
		return -1
	}
	// The slope of the line with the least squares: a single day of cleaning up counts
	// little.
	var sx, sy, sxx, sxy float64
	for i, d := range days {
		x, y := float64(i), float64(d.Free)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	slope := (float64(n)*sxy - sx*sy) / (float64(n)*sxx - sx*sx)
	const least = 1 << 20 // a megabyte a day is no trend
	if slope > -least {
		return -1
	}
	return int(min(float64(days[n-1].Free)/-slope, 3650))
}
