package whatif

import (
	"fmt"

	"github.com/pasokh/pasokh/telephony/figures"
)

// rests are the assumptions that a comparison of a queue, or with "" of all, rests on.
func (r *Record) rests(c *Change, of string) []figures.Words {
	var list []figures.Words
	say := func(en, fa string, args ...any) {
		list = append(list, figures.Words{EN: fmt.Sprintf(en, args...), FA: fmt.Sprintf(fa, args...)})
	}
	if len(r.Gaps) > 0 {
		say("Parts of the day are missing from its record (%d).", "بخش‌هایی از روز ثبت نشده است (%d).", len(r.Gaps))
	}
	if !c.changes() {
		say("Nothing is changed: the day is played as it was.", "چیزی تغییر نکرده است: روز همان‌گونه که بود بازپخش می‌شود.")
		return list
	}
	say("The same people call at the same times; nobody calls again, or does not, because of the change.",
		"همان افراد در همان زمان‌ها تماس می‌گیرند؛ تغییر باعث نمی‌شود کسی دوباره تماس بگیرد یا نگیرد.")
	if s := r.habits.patience[""]; s == nil || s.ended == 0 {
		say("Nobody gave up on that day, so nobody gives up here, however long he waits.",
			"آن روز کسی تماس را رها نکرد؛ پس اینجا هم کسی رها نمی‌کند، هرچه انتظار طول بکشد.")
	} else {
		say("Callers who were answered would have waited on as those did who gave up: %d of the day (Kaplan–Meier).",
			"کسانی که پاسخ گرفتند همان‌قدر صبر داشتند که رهاکنندگان آن روز داشتند: %d نفر (کاپلان–مایر).", s.ended)
	}
	say("Who was answered talks as long as he did, whoever answers; others as long as callers of that day.",
		"هر که پاسخ گرفت، هر کارشناسی که پاسخ دهد، همان‌قدر گفتگو می‌کند؛ دیگران به اندازهٔ تماس‌گیرندگان آن روز.")
	say("Agents come, rest and go as on the day; a call that they were not offered they answer as fast, or miss as often, as others. A new agent is there whenever somebody is, and is like the others.",
		"کارشناسان مانند آن روز می‌آیند، استراحت می‌کنند و می‌روند؛ تماسی را که به آنان پیشنهاد نشده بود به همان سرعت پاسخ می‌دهند یا به همان اندازه از دست می‌دهند. کارشناس تازه هر وقت کسی هست حضور دارد و مانند دیگران است.")
	for _, queue := range sorted(c.Doors) {
		door := c.Doors[queue]
		if of != "" && queue != of {
			continue
		}
		if s, offered := r.habits.accept[queue]; offered && door.Callback {
			say("Queue %s: %d of %d who waited so long took a callback on the day, and so many do here.",
				"صف %s: آن روز %d نفر از %d نفری که آن‌قدر منتظر ماندند تماس برگشتی خواستند؛ اینجا هم به همین نسبت.", queue, s.of, s.all)
		} else if door.Callback && door.OfferAfter > 0 {
			part := c.Accept
			if part == 0 {
				part = UsualAccept
			}
			say("Queue %s: %.0f %% of callers who wait for %v take a callback, and 80 %% of them answer it; the day does not tell.",
				"صف %s: %.0f٪ از کسانی که %v منتظر می‌مانند تماس برگشتی می‌خواهند و ۸۰٪ آنان پاسخ می‌دهند؛ این از آن روز معلوم نیست.", queue, 100*part, door.OfferAfter)
		}
	}
	return list
}
