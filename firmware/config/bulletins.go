package config

import (
	"fmt"
	"regexp"
)

// Bulletin is a report that goes out by mail when its period is over.
type Bulletin struct {
	Name string   `yaml:"name"` // unique: small letters, digits, - and _
	To   []string `yaml:"to"`   // mail addresses, 1 to 20
	// Every is how often, and what it is about: the day, week or month before.
	Every BulletinEvery `yaml:"every"`
	// Calendar is whose weeks and months: jalali (weeks begin on Saturday) or gregorian
	// (on Monday).
	Calendar BulletinCalendar `yaml:"calendar"`
	At       string           `yaml:"at"`                 // "07:00" in the box's time zone, on the first day after
	By       string           `yaml:"by,omitempty"`       // rows of the workbook: as pasokh report --by; empty: of days hour, else day
	Queue    string           `yaml:"queue,omitempty"`    // of one queue alone
	Language Language         `yaml:"language,omitempty"` // empty: the box's
}

// BulletinEvery is how often a bulletin comes.
type BulletinEvery string

// The choices.
const (
	EveryDay   BulletinEvery = "day"
	EveryWeek  BulletinEvery = "week"
	EveryMonth BulletinEvery = "month"
)

// BulletinCalendar is whose weeks and months count.
type BulletinCalendar string

// The choices.
const (
	InJalali    BulletinCalendar = "jalali"
	InGregorian BulletinCalendar = "gregorian"
)

// most are how many bulletins, and receivers of one, there may be.
const (
	mostBulletins = 50
	mostReceivers = 20
)

var clockForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)

func (v *validator) bulletins() {
	list := v.cfg.Bulletins
	if len(list) > mostBulletins {
		v.add("bulletins", msgTooMany, mostBulletins)
	}
	if len(list) > 0 && v.cfg.Mail.Server == "" {
		v.add("bulletins", msgNoMailServer)
	}
	taken := make(map[string]string)
	for i := range list {
		v.bulletin(fmt.Sprintf("bulletins[%d]", i), &list[i], taken)
	}
}

func (v *validator) bulletin(path string, b *Bulletin, taken map[string]string) {
	v.unique(taken, path, b.Name)
	switch {
	case len(b.To) == 0:
		v.add(path+".to", msgMissing)
	case len(b.To) > mostReceivers:
		v.add(path+".to", msgTooMany, mostReceivers)
	}
	for i, to := range b.To {
		if !IsAddress(to) {
			v.add(fmt.Sprintf("%s.to[%d]", path, i), msgAddress, to)
		}
	}
	switch b.Every {
	case EveryDay, EveryWeek, EveryMonth:
	default:
		v.add(path+".every", msgBulletinEvery, b.Every)
	}
	switch b.Calendar {
	case InJalali, InGregorian:
	default:
		v.add(path+".calendar", msgBulletinCalendar, b.Calendar)
	}
	if !clockForm.MatchString(b.At) {
		v.add(path+".at", msgBulletinAt, b.At)
	}
	switch b.By {
	case "", "hour", "day", "weekday", "week-hour", "queue", "agent", "number", "way":
	default:
		v.add(path+".by", msgBulletinBy, b.By)
	}
	if _, ok := v.cfg.Queue(b.Queue); b.Queue != "" && !ok {
		v.add(path+".queue", msgBulletinQueue, b.Queue)
	}
	v.language(path+".language", b.Language)
}
