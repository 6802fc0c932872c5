# A receiver of webhooks as somebody else would write it: takes what is signed with its key
# and not old, and prints what it took, a line each. The first line is its port; the first
# message is answered with 503.
import hashlib, hmac, http.server, json, sys, time

key = sys.argv[1].encode()
count = 0


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        count += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = dict(p.split("=", 1) for p in self.headers["Pasokh-Signature"].split(","))
        want = hmac.new(key, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(want, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300
        self.send_response(503 if count == 1 else 204 if good else 403)
        self.end_headers()
        if count > 1:
            print(json.dumps({"good": good, "told": json.loads(body)}), flush=True)

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
