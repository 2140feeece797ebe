"""Times Aerleon's shade check on rules from stdin (JSON: {"rules": [{"src": [cidr] | null, "dst": ..., "service": {"protocol", "ports"} | null, "action"}]}).

Prints JSON: {"version", "parseCpuMs", "checkedCpuMs", "shaded"}. The shade check alone is timed by parsing twice, without and with it.
"""
import importlib.metadata
import json
import logging
import sys
import time

from aerleon.lib import naming, policy

rules = json.load(sys.stdin)["rules"]
networks, services = {}, {}


def network(ranges):
    name = "N" + str(len(networks))
    return networks.setdefault(tuple(ranges), name)


def service(value):
    key = (value["protocol"], value["ports"])
    return services.setdefault(key, "S" + str(len(services)))


terms = []
for number, rule in enumerate(rules):
    lines = [f"term t{number} {{"]
    if rule["src"]:
        lines.append(f"  source-address:: {network(rule['src'])}")
    if rule["dst"]:
        lines.append(f"  destination-address:: {network(rule['dst'])}")
    if rule["service"]:
        lines.append(f"  protocol:: {rule['service']['protocol']}")
        if rule["service"]["ports"]:
            lines.append(f"  destination-port:: {service(rule['service'])}")
    lines += [f"  action:: {rule['action']}", "}"]
    terms.append("\n".join(lines))

definitions = naming.Naming()
definitions.ParseNetworkList([f"{name} = {' '.join(ranges)}" for ranges, name in networks.items()])
definitions.ParseServiceList([f"{name} = {ports}/{protocol}" for (protocol, ports), name in services.items()])
text = 'header {\n  target:: cisco bench extended\n}\n' + "\n".join(terms) + "\n"


class Counter(logging.Handler):
    def __init__(self):
        super().__init__()
        self.shaded = set()

    def emit(self, record):
        message = record.getMessage()
        if "is shaded by" in message:
            self.shaded.add(message.split(" ", 1)[0])


counter = Counter()
logging.getLogger().handlers = [counter]


def parse(shade_check):
    started = time.process_time()
    policy.ParsePolicy(text, definitions, optimize=True, shade_check=shade_check)
    return (time.process_time() - started) * 1000


plain = parse(False)
checked = parse(True)
version = importlib.metadata.version("aerleon")
print(json.dumps({"version": version, "parseCpuMs": plain, "checkedCpuMs": checked, "shaded": len(counter.shaded)}))
