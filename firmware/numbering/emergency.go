package numbering

import (
	"slices"
	"strings"
)

// Emergency tells whether a number, as it is dialled inside a country, reaches its
// police, ambulance or fire brigade. 112 does in every country that the table does
// not know: mobile networks taught it to people (3GPP TS 22.101 10.1.1).
func Emergency(country, number string) bool {
	list, known := emergency[country]
	if !known {
		list = "112"
	}
	return slices.Contains(strings.Fields(list), number)
}

// emergency are the numbers that the countries publish.
var emergency = map[string]string{
	"AE": "112 997 998 999", "AF": "112 119", "AM": "112 101 102 103 911", "AT": "112 122 133 144",
	"AU": "000 106 112", "AZ": "112 101 102 103", "BE": "112 100 101", "BH": "999",
	"CA": "911", "CH": "112 117 118 144", "CN": "110 119 120 122", "DE": "112 110",
	"DK": "112", "EG": "122 123 180", "ES": "112", "FI": "112",
	"FR": "112 15 17 18", "GB": "999 112", "GE": "112", "GR": "112 100 166 199",
	"IE": "112 999", "IN": "112 100 101 102 108", "IQ": "104 115 122 911", "IR": "110 112 115 125",
	"IT": "112 113 115 118", "JO": "911", "KW": "112", "LB": "112 125 140 175",
	"NL": "112", "NO": "110 112 113", "NZ": "111", "OM": "9999",
	"PK": "15 16 115 1122", "PL": "112 997 998 999", "PT": "112", "QA": "999",
	"RO": "112", "SA": "911 997 998 999", "SE": "112", "SY": "110 112 113",
	"TJ": "112 101 102 103", "TR": "112", "UA": "112 101 102 103", "UK": "999 112",
	"US": "911", "ZA": "112 10111 10177",
}
