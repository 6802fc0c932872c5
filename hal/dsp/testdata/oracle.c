/* The spandsp side of this package's tests: a filter between raw 16-bit
 * 8 kHz mono on stdin or stdout and text.
 *
 *   oracle dtmf-rx             audio in, the digits heard out
 *   oracle dtmf-tx DIGITS      audio out
 *   oracle adsi-rx STANDARD    audio in, "TYPE VALUE" lines out
 *   oracle adsi-tx STANDARD NUMBER NAME   audio out
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <spandsp.h>

#define FRAME 160

static int standard(const char *s) {
	if (!strcmp(s, "class")) return ADSI_STANDARD_CLASS;
	if (!strcmp(s, "clip")) return ADSI_STANDARD_CLIP;
	if (!strcmp(s, "clip-dtmf")) return ADSI_STANDARD_CLIP_DTMF;
	fprintf(stderr, "no such standard: %s\n", s);
	exit(2);
}

static void message(void *user, const uint8_t *msg, int len) {
	adsi_rx_state_t *rx = user;
	const uint8_t *body;
	uint8_t type;
	int pos = -1, n;
	for (;;) {
		pos = adsi_next_field(rx, msg, len, pos, &type, &body, &n);
		if (pos <= 0)
			break;
		if (body)
			printf("%02x %.*s\n", type, n, (const char *)body);
		else
			printf("type %02x\n", type);
	}
}

static void save(const int16_t *b, int n) { fwrite(b, 2, n, stdout); }

int main(int argc, char **argv) {
	int16_t b[FRAME];
	char digits[4096];
	int n, i;
	if (argc < 2)
		return 2;
	if (!strcmp(argv[1], "dtmf-rx")) {
		dtmf_rx_state_t *rx = dtmf_rx_init(NULL, NULL, NULL);
		while ((n = fread(b, 2, FRAME, stdin)) > 0) {
			dtmf_rx(rx, b, n);
			if ((n = dtmf_rx_get(rx, digits, sizeof(digits) - 1)) > 0)
				printf("%.*s", n, digits);
		}
	} else if (!strcmp(argv[1], "dtmf-tx") && argc == 3) {
		dtmf_tx_state_t *tx = dtmf_tx_init(NULL);
		dtmf_tx_put(tx, argv[2], -1);
		while ((n = dtmf_tx(tx, b, FRAME)) > 0)
			save(b, n);
		memset(b, 0, sizeof b);
		for (i = 0; i < 10; i++)
			save(b, FRAME);
	} else if (!strcmp(argv[1], "adsi-rx") && argc == 3) {
		adsi_rx_state_t *rx = malloc(65536);
		adsi_rx_init(rx, standard(argv[2]), message, rx);
		while ((n = fread(b, 2, FRAME, stdin)) > 0)
			adsi_rx(rx, b, n);
	} else if (!strcmp(argv[1], "adsi-tx") && argc == 5) {
		int std = standard(argv[2]);
		adsi_tx_state_t *tx = adsi_tx_init(NULL, std);
		uint8_t msg[256];
		int len = -1;
		if (std == ADSI_STANDARD_CLASS) {
			len = adsi_add_field(tx, msg, -1, CLASS_MDMF_CALLERID, NULL, 0);
			len = adsi_add_field(tx, msg, len, MCLASS_DATETIME, (uint8_t *)"11221423", 8);
			len = adsi_add_field(tx, msg, len, MCLASS_CALLER_NUMBER, (uint8_t *)argv[3], strlen(argv[3]));
			len = adsi_add_field(tx, msg, len, MCLASS_CALLER_NAME, (uint8_t *)argv[4], strlen(argv[4]));
		} else if (std == ADSI_STANDARD_CLIP) {
			len = adsi_add_field(tx, msg, -1, CLIP_MDMF_CALLERID, NULL, 0);
			len = adsi_add_field(tx, msg, len, CLIP_DATETIME, (uint8_t *)"11221423", 8);
			len = adsi_add_field(tx, msg, len, CLIP_CALLER_NUMBER, (uint8_t *)argv[3], strlen(argv[3]));
			len = adsi_add_field(tx, msg, len, CLIP_CALLER_NAME, (uint8_t *)argv[4], strlen(argv[4]));
		} else {
			/* digits, then an end mark: the A prefix is put by hand */
			len = adsi_add_field(tx, msg, -1, CLIP_DTMF_HASH_TERMINATED, NULL, 0);
			len = adsi_add_field(tx, msg, len, CLIP_DTMF_HASH_CALLER_NUMBER, (uint8_t *)argv[3], strlen(argv[3]));
		}
		adsi_tx_put_message(tx, msg, len);
		memset(b, 0, sizeof b);
		for (i = 0; i < 10; i++)
			save(b, FRAME);
		while ((n = adsi_tx(tx, b, FRAME)) > 0)
			save(b, n);
		memset(b, 0, sizeof b);
		for (i = 0; i < 20; i++)
			save(b, FRAME);
	} else
		return 2;
	return 0;
}
