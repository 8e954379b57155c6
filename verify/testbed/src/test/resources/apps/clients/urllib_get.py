import sys
import urllib.error
import urllib.request

request = urllib.request.Request(sys.argv[1])
for pair in sys.argv[2:]:
    name, value = pair.split("=", 1)
    request.add_header(name, value)
try:
    print(urllib.request.urlopen(request, timeout=20).read().decode(), end="")
except urllib.error.URLError as e:
    sys.exit(str(e))
