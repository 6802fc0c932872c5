package figures

// Words are a text in the languages of the box.
type Words struct {
	EN string `json:"en"`
	FA string `json:"fa"`
}

// In is the text in a language.
func (w Words) In(lang string) string {
	if lang == "fa" {
		return w.FA
	}
	return w.EN
}

// Unit is what a figure is measured in.
type Unit string

// The units.
const (
	Count  Unit = "count"
	Millis Unit = "ms"
	Ratio  Unit = "ratio" // 0 to 1, shown as percent
	Score  Unit = "score" // 1 to 5
)

// Formula is a figure's definition, printed beside it.
type Formula struct {
	ID   string `json:"id"`
	Unit Unit   `json:"unit"`
	Name Words  `json:"name"`
	Text Words  `json:"text"`
	// Variant figures answer the same question in another manner; the first one of them is
	// the box's own choice.
	Variant string `json:"variant,omitempty"`
	// OfAgents is also given for one agent's contacts; others need all of a queue's.
	OfAgents bool `json:"of_agents,omitempty"`
	// Drill tells that the contacts behind it can be listed (Contacts): those that a count
	// or the upper part of a ratio counts, or that an average is taken of.
	Drill bool `json:"drill,omitempty"`

	of func(*Tally) (over, under int64) // the figure is over/under; under 0: there is none
}

func plain(f func(*Tally) int64) func(*Tally) (int64, int64) {
	return func(t *Tally) (int64, int64) { return f(t), 1 }
}

// formulas are all figures, in the order of reports.
var formulas = []Formula{
	{ID: "offered", Unit: Count, OfAgents: true, Drill: true, Name: Words{"Offered (O)", "رسیده به صف (O)"},
		Text: Words{"contacts that came to a queue in the period, those that could not join included", "تماس‌هایی که در این دوره به صف رسیدند، با آن‌ها که نتوانستند وارد شوند"},
		of:   plain(func(t *Tally) int64 { return t.Offered })},
	{ID: "answered", Unit: Count, OfAgents: true, Drill: true, Name: Words{"Answered (A)", "پاسخ‌داده (A)"},
		Text: Words{"contacts that an agent answered", "تماس‌هایی که کارشناس پاسخ داد"}, of: plain(func(t *Tally) int64 { return t.Answered })},
	{ID: "abandoned", Unit: Count, Drill: true, Name: Words{"Abandoned (Ab)", "رهاشده (Ab)"},
		Text: Words{"callers who hung up while they waited", "کسانی که در انتظار گوشی را گذاشتند"}, of: plain(func(t *Tally) int64 { return t.Abandoned })},
	{ID: "short", Unit: Count, Drill: true, Name: Words{"Short abandoned (Sh)", "رهاشدهٔ کوتاه (Sh)"},
		Text: Words{"abandoned with a wait below T_short; part of Ab", "رهاشده با انتظار کمتر از T_short؛ بخشی از Ab"}, of: plain(func(t *Tally) int64 { return t.Short })},
	{ID: "overflow", Unit: Count, Drill: true, Name: Words{"Overflow (Ov)", "سرریز (Ov)"},
		Text: Words{"refused by a full, empty or closed queue, or left it by key or after the longest wait", "صف پر، خالی یا بسته بود، یا با کلید یا پس از بیشترین انتظار از صف رفت"},
		of:   plain((*Tally).Overflows)},
	{ID: "callback", Unit: Count, Drill: true, Name: Words{"Callback (Cb)", "تماس برگشتی (Cb)"},
		Text: Words{"callers who hung up to be called back", "کسانی که خواستند با آن‌ها تماس گرفته شود"}, of: plain(func(t *Tally) int64 { return t.Callback })},
	{ID: "waiting", Unit: Count, Drill: true, Name: Words{"Still waiting", "هنوز منتظر"},
		Text: Words{"in line now", "هم‌اکنون در صف"}, of: plain(func(t *Tally) int64 { return t.Waiting })},
	{ID: "interrupted", Unit: Count, Drill: true, Name: Words{"Interrupted", "بریده‌شده"},
		Text: Words{"cut off by a stop of the box while they waited", "در انتظار با خاموشی دستگاه بریده شدند"}, of: plain(func(t *Tally) int64 { return t.Interrupted })},
	{ID: "blocked", Unit: Count, Name: Words{"Blocked (B)", "مسدود (B)"},
		Text: Words{"calls that found no free line or no place in the box; not part of O", "تماس‌هایی که خط یا جای آزاد نیافتند؛ بخشی از O نیستند"}, of: plain(func(t *Tally) int64 { return t.Blocked })},

	{ID: "sl-net", Unit: Ratio, Variant: "service-level", Drill: true, Name: Words{"Service level", "سطح خدمت"},
		Text: Words{"answered within T / (O − abandoned within T)", "پاسخ‌داده تا T ÷ (O − رهاشده تا T)"},
		of:   func(t *Tally) (int64, int64) { return t.AnsweredIn, t.Offered - t.AbandonedIn }},
	{ID: "sl-offered", Unit: Ratio, Variant: "service-level", Drill: true, Name: Words{"Service level, of offered", "سطح خدمت از رسیده‌ها"},
		Text: Words{"answered within T / O", "پاسخ‌داده تا T ÷ O"}, of: func(t *Tally) (int64, int64) { return t.AnsweredIn, t.Offered }},
	{ID: "sl-answered", Unit: Ratio, Variant: "service-level", Drill: true, Name: Words{"Service level, of answered", "سطح خدمت از پاسخ‌داده‌ها"},
		Text: Words{"answered within T / A", "پاسخ‌داده تا T ÷ A"}, of: func(t *Tally) (int64, int64) { return t.AnsweredIn, t.Answered }},
	{ID: "sl-both", Unit: Ratio, Variant: "service-level", Drill: true, Name: Words{"Service level, abandoned counted as reached", "سطح خدمت با رهاشده‌ها"},
		Text: Words{"(answered within T + abandoned within T) / (A + Ab)", "(پاسخ‌داده تا T + رهاشده تا T) ÷ (A + Ab)"},
		of:   func(t *Tally) (int64, int64) { return t.AnsweredIn + t.AbandonedIn, t.Answered + t.Abandoned }},
	{ID: "answer-rate", Unit: Ratio, Drill: true, Name: Words{"Answer rate", "نرخ پاسخ"}, Text: Words{"A / O", "A ÷ O"},
		of: func(t *Tally) (int64, int64) { return t.Answered, t.Offered }},
	{ID: "abandonment", Unit: Ratio, Variant: "abandonment", Drill: true, Name: Words{"Abandonment", "نرخ رهاشدن"}, Text: Words{"(Ab − Sh) / (O − Sh)", "(Ab − Sh) ÷ (O − Sh)"},
		of: func(t *Tally) (int64, int64) { return t.Abandoned - t.Short, t.Offered - t.Short }},
	{ID: "abandonment-all", Unit: Ratio, Variant: "abandonment", Drill: true, Name: Words{"Abandonment with short ones", "نرخ رهاشدن با کوتاه‌ها"}, Text: Words{"Ab / O", "Ab ÷ O"},
		of: func(t *Tally) (int64, int64) { return t.Abandoned, t.Offered }},

	{ID: "asa", Unit: Millis, OfAgents: true, Drill: true, Name: Words{"Average speed of answer (ASA)", "میانگین زمان تا پاسخ (ASA)"},
		Text: Words{"waits of answered contacts / A; from joining the queue to the agent's answer, ringing included", "جمع انتظار پاسخ‌داده‌ها ÷ A؛ از ورود به صف تا پاسخ کارشناس، با زنگ"},
		of:   func(t *Tally) (int64, int64) { return t.AnswerWait, t.Answered }},
	{ID: "awt", Unit: Millis, Drill: true, Name: Words{"Average wait of all (AWT)", "میانگین انتظار همه (AWT)"},
		Text: Words{"waits of all who wait no more / (O − still waiting)", "جمع انتظار همهٔ کسانی که دیگر منتظر نیستند ÷ (O − هنوز منتظر)"},
		of:   func(t *Tally) (int64, int64) { return t.Wait, t.Offered - t.Waiting - t.Lost }},
	{ID: "wait-max", Unit: Millis, Name: Words{"Longest wait", "بیشترین انتظار"}, Text: Words{"of all who wait no more", "از همهٔ کسانی که دیگر منتظر نیستند"},
		of: plain(func(t *Tally) int64 { return t.WaitMax })},
	{ID: "wait-p90", Unit: Millis, Name: Words{"Wait of nine in ten", "انتظار نه نفر از ده نفر"},
		Text: Words{"90 % waited no longer (p90; at most 1/64 too high)", "۹۰٪ بیش از این منتظر نماندند (p90؛ حداکثر ۱/۶۴ بیشتر)"},
		of: func(t *Tally) (int64, int64) {
			if ms, ok := t.Waits.Quantile(0.9); ok {
				return ms, 1
			}
			return 0, 0
		}},

	{ID: "wait-error", Unit: Millis, Drill: true, Name: Words{"Error of the foreseen wait", "خطای انتظار پیش‌بینی‌شده"},
		Text: Words{"mean of |wait − wait foreseen on joining|, of answered contacts with a foreseen wait", "میانگین |انتظار − انتظار پیش‌بینی‌شده هنگام ورود|، از پاسخ‌داده‌هایی که انتظارشان پیش‌بینی شده بود"},
		of:   func(t *Tally) (int64, int64) { return t.WaitError, t.Foreseen }},
	{ID: "wait-foreseen", Unit: Ratio, Drill: true, Name: Words{"Waits foreseen", "انتظارهای پیش‌بینی‌شده"},
		Text: Words{"answered contacts for which a wait was foreseen on joining / A; for the others there was none, or nothing was known", "پاسخ‌داده‌هایی که هنگام ورود انتظارشان پیش‌بینی شد ÷ A؛ بقیه انتظاری نداشتند یا چیزی دانسته نبود"},
		of:   func(t *Tally) (int64, int64) { return t.Foreseen, t.Answered }},

	{ID: "aht", Unit: Millis, OfAgents: true, Drill: true, Name: Words{"Average handling time (AHT)", "میانگین زمان رسیدگی (AHT)"}, Text: Words{"(talk + hold + ACW) / A", "(گفتگو + نگه‌داشتن + جمع‌بندی) ÷ A"},
		of: func(t *Tally) (int64, int64) { return t.Talk + t.Hold + t.Wrap, t.Answered }},
	{ID: "talk", Unit: Millis, OfAgents: true, Drill: true, Name: Words{"Average talk", "میانگین گفتگو"}, Text: Words{"talk without hold / A", "گفتگو بدون نگه‌داشتن ÷ A"},
		of: func(t *Tally) (int64, int64) { return t.Talk, t.Answered }},
	{ID: "hold", Unit: Millis, OfAgents: true, Drill: true, Name: Words{"Average hold", "میانگین نگه‌داشتن"}, Text: Words{"time on hold / A", "زمان نگه‌داشتن ÷ A"},
		of: func(t *Tally) (int64, int64) { return t.Hold, t.Answered }},
	{ID: "acw", Unit: Millis, OfAgents: true, Drill: true, Name: Words{"After-call work (ACW)", "جمع‌بندی پس از تماس (ACW)"}, Text: Words{"wrap-up time / A", "زمان جمع‌بندی ÷ A"},
		of: func(t *Tally) (int64, int64) { return t.Wrap, t.Answered }},
	{ID: "transfer-rate", Unit: Ratio, OfAgents: true, Drill: true, Name: Words{"Transfer rate", "نرخ انتقال"}, Text: Words{"contacts transferred / A", "تماس‌های انتقال‌یافته ÷ A"},
		of: func(t *Tally) (int64, int64) { return t.Transferred, t.Answered }},
	{ID: "transferred", Unit: Count, OfAgents: true, Drill: true, Name: Words{"Transferred", "انتقال‌یافته"}, Text: Words{"answered, and transferred by the agent", "پاسخ داده و به دست کارشناس منتقل شد"},
		of: plain(func(t *Tally) int64 { return t.Transferred })},
	{ID: "offers", Unit: Count, OfAgents: true, Name: Words{"Offers to agents", "پیشنهاد به کارشناسان"}, Text: Words{"times that a phone of an agent was rung", "دفعاتی که تلفن کارشناسی زنگ خورد"},
		of: plain(func(t *Tally) int64 { return t.Offers })},
	{ID: "rona", Unit: Ratio, OfAgents: true, Name: Words{"Offers not answered (RONA)", "زنگ بی‌پاسخ (RONA)"},
		Text: Words{"offers not answered, refused or busy / (these + answered); offers withdrawn do not count", "بی‌پاسخ، ردشده یا مشغول ÷ (این‌ها + پاسخ‌داده)؛ پیشنهادهای پس‌گرفته شمرده نمی‌شود"},
		of:   func(t *Tally) (int64, int64) { return t.Missed, t.Missed + t.Taken }},
	{ID: "occupancy", Unit: Ratio, OfAgents: true, Name: Words{"Occupancy", "اشغال کارشناسان"},
		Text: Words{"(talk + hold + ACW) / (talk + hold + ACW + ready), of agents' time in the period, all their queues together", "(گفتگو + نگه‌داشتن + جمع‌بندی) ÷ (همان + آماده)، از زمان کارشناسان در این دوره، همهٔ صف‌ها با هم"},
		of:   func(t *Tally) (int64, int64) { return t.Handling, t.Handling + t.Ready }},
	{ID: "utilisation", Unit: Ratio, OfAgents: true, Name: Words{"Utilisation", "بهره‌وری زمان"},
		Text: Words{"(talk + hold + ACW) / logged-in time with a working phone", "(گفتگو + نگه‌داشتن + جمع‌بندی) ÷ زمان حضور با تلفن روشن"},
		of:   func(t *Tally) (int64, int64) { return t.Handling, t.LoggedIn }},
	{ID: "logged-in", Unit: Millis, OfAgents: true, Name: Words{"Logged in", "حضور"}, Text: Words{"time logged in with a working phone, of all agents", "زمان حضور با تلفن روشن، همهٔ کارشناسان"},
		of: plain(func(t *Tally) int64 { return t.LoggedIn })},
	{ID: "paused", Unit: Millis, OfAgents: true, Name: Words{"Paused", "مکث"}, Text: Words{"time paused, of all agents", "زمان مکث، همهٔ کارشناسان"},
		of: plain(func(t *Tally) int64 { return t.Paused })},
	{ID: "callback-success", Unit: Ratio, Drill: true, Name: Words{"Callback success", "موفقیت تماس برگشتی"}, Text: Words{"calls back connected to an agent / Cb", "تماس‌های برگشتی وصل‌شده به کارشناس ÷ Cb"},
		of: func(t *Tally) (int64, int64) { return t.Connected, t.Callback }},
	{ID: "callback-delay", Unit: Millis, Drill: true, Name: Words{"Callback delay", "تأخیر تماس برگشتی"}, Text: Words{"from the wish, or the time that was booked, to the talk / calls back connected", "از درخواست یا زمان رزروشده تا گفتگو ÷ تماس‌های برگشتی وصل‌شده"},
		of: func(t *Tally) (int64, int64) { return t.Delay, t.Connected }},
	{ID: "fcr", Unit: Ratio, OfAgents: true, Drill: true, Name: Words{"Solved at first contact (FCR)", "حل در نخستین تماس (FCR)"},
		Text: Words{"answered contacts whose customer did not call the same queue again within D days / answered contacts with a number whose D days are over",
			"پاسخ‌داده‌هایی که مشتری تا D روز دوباره به همان صف زنگ نزد ÷ پاسخ‌داده‌های دارای شماره که D روزشان گذشته است"},
		of: func(t *Tally) (int64, int64) { return t.Closed - t.Returned, t.Closed }},
	{ID: "returned", Unit: Count, OfAgents: true, Drill: true, Name: Words{"Called again", "دوباره زنگ‌زده"}, Text: Words{"answered contacts whose customer came back within D days", "پاسخ‌داده‌هایی که مشتری تا D روز دوباره زنگ زد"},
		of: plain(func(t *Tally) int64 { return t.Returned })},
	{ID: "survey", Unit: Score, OfAgents: true, Name: Words{"Survey", "نظرسنجی"}, Text: Words{"mean of answers, 1 to 5", "میانگین پاسخ‌ها، ۱ تا ۵"},
		of: func(t *Tally) (int64, int64) { return t.Score, t.Scores }},
}

// Formulas are the definitions of all figures.
func Formulas() []Formula { return append([]Formula(nil), formulas...) }

// Share is what a ratio or an average is made of.
type Share struct {
	Over  int64 `json:"over"`  // contacts, or a sum in milliseconds or points
	Under int64 `json:"under"` // that it is divided by
}

// shares are those of a Tally's ratios and averages.
func (t *Tally) shares(ofAgents bool) map[string]Share {
	list := make(map[string]Share)
	for i := range formulas {
		f := &formulas[i]
		if ofAgents && !f.OfAgents || f.Unit == Count || f.Unit == Millis && !f.Drill {
			continue
		}
		if over, under := f.of(t); under > 0 {
			list[f.ID] = Share{over, under}
		}
	}
	return list
}

// Figures are the values of a Tally by the ids of their formulas; one that is not
// defined (its denominator is 0) has none.
func (t *Tally) Figures(ofAgents bool) map[string]float64 {
	values := make(map[string]float64, len(formulas))
	for i := range formulas {
		f := &formulas[i]
		if ofAgents && !f.OfAgents {
			continue
		}
		if over, under := f.of(t); under > 0 {
			values[f.ID] = float64(over) / float64(under)
		}
	}
	return values
}
