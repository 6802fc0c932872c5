// Package calendar knows days and opening hours: the Jalali and the Gregorian
// calendar, Iran's official holidays, and when a shop that keeps certain hours is
// open, was closed because of what, and changes next.
//
// Everything is a pure function of its arguments and safe for concurrent use. Times
// of a day are those of the wall clock of a zone. RFC 5545 3.3.5 tells which moment
// they are on days when clocks are put forward or back: one that comes twice is the
// first, one that is skipped is as far after the change as it would have been.
package calendar
