package describe

import (
	"strings"
	"time"
)

// The tables are written with these: words are "English|Persian".

func both(words string) Text {
	en, fa, _ := strings.Cut(words, "|")
	return Text{EN: en, FA: fa}
}

type option func(*Field)

// fld is a field with its label, its help, and what else is known of it.
func fld(path, label, help string, options ...option) Field {
	f := Field{Path: path, Label: both(label), Help: both(help)}
	for _, o := range options {
		o(&f)
	}
	return f
}

func between(low, high int) option { return func(f *Field) { f.Min, f.Max = low, high } }

func lasting(low, high time.Duration) option {
	return between(int(low/time.Millisecond), int(high/time.Millisecond))
}

// orZero lets 0 be, beside the limits.
func orZero(f *Field) { f.Zero = true }

func unit(words string) option { return func(f *Field) { f.Unit = both(words) } }

// one is a choice of values, each "value|English|Persian".
func one(choices ...string) option {
	return func(f *Field) {
		for _, c := range choices {
			value, label, _ := strings.Cut(c, "|")
			f.Choices = append(f.Choices, Choice{Value: value, Label: both(label)})
		}
	}
}

// of is a field that names a thing of a kind.
func of(kind string) option { return func(f *Field) { f.Refers, f.Code = kind, true } }

func eg(example string) option { return func(f *Field) { f.Example = example } }

func must(f *Field)     { f.Required = true }
func advanced(f *Field) { f.Advanced = true }
func code(f *Field)     { f.Code = true }
func long(f *Field)     { f.Type, f.Code = "long-text", true }

// What several kinds have.

func language(path string) Field {
	return fld(path, "Language|زبان", "Of what the box says here; empty: the box's own.|زبانِ آنچه دستگاه اینجا می‌گوید؛ خالی: زبان دستگاه.",
		one("|As the box|مانند دستگاه", "fa|Persian|فارسی", "en|English|انگلیسی"), advanced)
}

func record() Field {
	return fld("record", "Record talks|ضبط گفتگوها", "Whether talks are recorded.|گفتگوها ضبط شود یا نه.",
		one("|Left to the others|به دیگران واگذار", "never|Never|هرگز", "on-demand|On demand|با درخواست", "always|Always|همیشه"))
}

func srtp() Field {
	return fld("srtp", "Encrypted sound|رمزگذاری صدا", "Keys travel in the signalling: choose TLS with it.|کلیدها با علامت‌دهی می‌روند: همراه آن TLS را برگزینید.",
		one("|Off|خاموش", "off|Off|خاموش", "optional|Where the other side can|اگر طرف دیگر بتواند", "required|Always|همیشه"), advanced)
}

func dtmf() Field {
	return fld("dtmf", "Keys|کلیدها", "How keys pressed during a call are told.|کلیدهای زده‌شده هنگام تماس چگونه فرستاده شود.",
		one("|By itself|خودکار", "auto|By itself|خودکار", "rfc4733|Telephone-events|RFC 4733", "info|SIP INFO|SIP INFO", "inband|As tones|به‌صورت صدا"), advanced)
}

func night() []Field {
	return []Field{
		fld("night.switch", "Night switch|کلید شب", "While it is on, calls go to the number below.|تا روشن است تماس‌ها به شمارهٔ زیر می‌روند.", of("switches"), advanced),
		fld("night.hours", "Opening hours|ساعت کار", "While they are closed, calls go to the number below.|هنگام تعطیلی تماس‌ها به شمارهٔ زیر می‌روند.", of("hours"), advanced),
		fld("night.destination", "Number at night|شمارهٔ شب", "Where calls go then.|جایی که تماس‌ها آن‌گاه می‌روند.", of("number"), advanced),
	}
}

func codecs(path string, options ...option) Field {
	return fld(path, "Codecs|کدک‌ها", "In order of preference.|به ترتیب اولویت.",
		append([]option{one("PCMA|G.711 A-law|G.711 A-law", "PCMU|G.711 µ-law|G.711 µ-law", "G722|G.722 (wide band)|G.722 (پهن‌باند)"), advanced}, options...)...)
}
