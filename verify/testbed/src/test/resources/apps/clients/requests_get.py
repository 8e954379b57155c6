import sys

import requests

try:
    answer = requests.get(sys.argv[1], headers=dict(pair.split("=", 1) for pair in sys.argv[2:]), timeout=20)
    answer.raise_for_status()
    print(answer.text, end="")
except requests.RequestException as e:
    sys.exit(str(e))
