module github.com/pasokh/pasokh

go 1.26.0

require (
	filippo.io/age v1.3.2 // encrypts backups
	github.com/beevik/ntp v1.6.0 // the time over the network, for process 1
	github.com/boombuler/barcode v1.0.1-0.20190219062509-6c824513bacc // QR codes (the one that otp uses)
	github.com/brutella/dnssd v1.2.14 // the name of the box on its link (mDNS, DNS-SD)
	github.com/emersion/go-sasl v0.0.0-20241020182733-b788ff22d5a6 // log-ins of the mail server of tests
	github.com/emersion/go-smtp v0.25.1 // a mail server for tests
	github.com/emiago/sipgo v1.7.2 // SIP parser, transports, transactions
	github.com/gobwas/ws v1.3.2 // WebSocket frames (sipgo's own WebSocket library)
	github.com/goccy/go-yaml v1.18.0 // configuration files, with the position of every error
	github.com/google/go-cmp v0.7.0 // readable differences in tests
	github.com/hajimehoshi/go-mp3 v0.3.4 // reads MP3 files that are uploaded
	github.com/icholy/digest v1.2.0 // HTTP digest headers (RFC 7616, RFC 8760) for SIP
	github.com/insomniacslk/dhcp v0.0.0-20260901064844-234b97448fae // asks for an address, for process 1
	github.com/pion/rtcp v1.2.20 // RTCP packets
	github.com/pion/rtp v1.10.6 // RTP packets
	github.com/pion/sdp/v3 v3.0.20 // writes SDP
	github.com/pion/srtp/v3 v3.0.13 // SRTP: encrypts and authenticates RTP packets
	github.com/pkg/sftp v1.13.12 // backups on SFTP servers
	github.com/pquerna/otp v1.5.0 // one-time codes by time (RFC 6238)
	github.com/vishvananda/netlink v1.3.1 // addresses and routes of the interface
	github.com/wneessen/go-mail v0.8.1 // letters: MIME and SMTP
	github.com/zaf/g711 v1.4.0 // A-law and mu-law tables
	go.etcd.io/bbolt v1.5.0 // the store's pages on disk
	golang.org/x/crypto v0.57.0 // argon2id for passwords, SSH for backups
	golang.org/x/net v0.59.0 // bounds connections of the web server; reads and writes DNS messages
	golang.org/x/sys v0.48.0 // the kernel's calls that the standard library has no names for
	pgregory.net/rapid v1.3.0 // property tests
)

require (
	filippo.io/hpke v0.4.0 // indirect
	github.com/gobwas/httphead v0.1.0 // indirect
	github.com/gobwas/pool v0.2.1 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/josharian/native v1.1.0 // indirect
	github.com/kr/fs v0.1.0 // indirect
	github.com/mdlayher/packet v1.1.2 // indirect
	github.com/mdlayher/socket v0.4.1 // indirect
	github.com/miekg/dns v1.1.61 // indirect
	github.com/pierrec/lz4/v4 v4.1.14 // indirect
	github.com/pion/logging v0.2.4 // indirect
	github.com/pion/randutil v0.1.0 // indirect
	github.com/pion/transport/v4 v4.1.0 // indirect
	github.com/u-root/uio v0.0.0-20230220225925-ffce2a382923 // indirect
	github.com/vishvananda/netns v0.0.5 // indirect
	golang.org/x/mod v0.41.0 // indirect
	golang.org/x/sync v0.23.0 // indirect
	golang.org/x/text v0.42.0 // indirect
	golang.org/x/tools v0.49.0 // indirect
)
