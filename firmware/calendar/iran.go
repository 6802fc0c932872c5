package calendar

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

// Holiday is an official holiday of Iran in one year.
type Holiday struct {
	Key string // which, the same every year
	Day Day
	Names
	Moon bool // it goes by the moon, and may be proclaimed a day earlier or later
	// Reckoned: besides, the year's calendar was not published yet.
	Reckoned bool
}

// Years of which the days that go by the moon are known, Jalali, and the last of them
// whose calendar was published.
const (
	FirstIran     = 1404
	LastIran      = 1408
	LastPublished = 1405
)

// solar are the holidays with a fixed day (law of 1358 on official holidays).
var solar = []struct {
	key        string
	month, day int
}{
	{"nowruz", 1, 1}, {"nowruz-2", 1, 2}, {"nowruz-3", 1, 3}, {"nowruz-4", 1, 4}, {"republic", 1, 12}, {"nature", 1, 13},
	{"khomeini", 3, 14}, {"khordad-15", 3, 15}, {"revolution", 11, 22}, {"oil", 12, 29},
}

var names = map[string]Names{
	"nowruz":        {"Nowruz", "آغاز نوروز"},
	"nowruz-2":      {"second day of Nowruz", "دوم نوروز"},
	"nowruz-3":      {"third day of Nowruz", "سوم نوروز"},
	"nowruz-4":      {"fourth day of Nowruz", "چهارم نوروز"},
	"republic":      {"Islamic Republic Day", "روز جمهوری اسلامی"},
	"nature":        {"Nature Day", "روز طبیعت"},
	"khomeini":      {"death of Imam Khomeini", "رحلت امام خمینی"},
	"khordad-15":    {"15 Khordad uprising", "قیام ۱۵ خرداد"},
	"revolution":    {"Victory of the Revolution", "پیروزی انقلاب اسلامی"},
	"oil":           {"Nationalisation of Oil", "روز ملی شدن صنعت نفت"},
	"tasua":         {"Tasua", "تاسوعای حسینی"},
	"ashura":        {"Ashura", "عاشورای حسینی"},
	"arbaeen":       {"Arbaeen", "اربعین حسینی"},
	"prophet-death": {"death of the Prophet", "رحلت پیامبر و شهادت امام حسن مجتبی"},
	"reza":          {"martyrdom of Imam Reza", "شهادت امام رضا"},
	"askari":        {"martyrdom of Imam Hasan Askari", "شهادت امام حسن عسکری"},
	"prophet-birth": {"birth of the Prophet", "میلاد پیامبر و امام جعفر صادق"},
	"fatima":        {"martyrdom of Fatima", "شهادت حضرت فاطمه"},
	"ali-birth":     {"birth of Imam Ali", "ولادت امام علی"},
	"mabath":        {"Mabath", "مبعث پیامبر"},
	"mahdi":         {"birth of Imam Mahdi", "ولادت امام مهدی"},
	"ali-death":     {"martyrdom of Imam Ali", "شهادت امام علی"},
	"fitr":          {"Eid al-Fitr", "عید فطر"},
	"fitr-2":        {"second day of Eid al-Fitr", "دومین روز عید فطر"},
	"sadeq":         {"martyrdom of Imam Jafar Sadeq", "شهادت امام جعفر صادق"},
	"qorban":        {"Eid al-Adha", "عید قربان"},
	"ghadir":        {"Eid al-Ghadir", "عید غدیر خم"},
}

//go:embed iran.tsv
var moon string

// iran is read once and never changed.
var iran = sync.OnceValue(func() (list []Holiday) {
	for year := FirstIran; year <= LastIran; year++ {
		list = append(list, Solar(year)...)
	}
	for line := range strings.Lines(moon) {
		date, key, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		d, err := ParseDay(date)
		if err != nil {
			panic("calendar: iran.tsv: " + err.Error()) // a test reads it
		}
		year, _, _ := d.Jalali()
		list = append(list, Holiday{Key: key, Day: d, Names: names[key], Moon: true, Reckoned: year > LastPublished})
	}
	slices.SortStableFunc(list, func(a, b Holiday) int { return int(a.Day - b.Day) })
	return list
})

// Iran are the official holidays of FirstIran to LastIran, in order. Fridays are none:
// they are days of the week.
func Iran() []Holiday { return slices.Clone(iran()) }

// Solar are the official holidays of a Jalali year that have a fixed day, also of years
// of which the others are not known.
func Solar(year int) (list []Holiday) {
	for _, s := range solar {
		if d, ok := Jalali(year, s.month, s.day); ok {
			list = append(list, Holiday{Key: s.key, Day: d, Names: names[s.key]})
		}
	}
	return list
}

// IranNames is what a holiday is called; ok is false for a key that there is not.
func IranNames(key string) (n Names, ok bool) {
	n, ok = names[key]
	return n, ok
}

// InPersian is the Persian name of an official holiday, of its English one.
func InPersian(english string) (string, bool) {
	for _, n := range names {
		if n.English == english {
			return n.Persian, true
		}
	}
	return "", false
}
