"""Times hier_config in its own process: JSON in, JSON out, CPU seconds. pip install hier-config"""
import json
import sys
import time
from importlib.metadata import version

from hier_config import Platform, WorkflowRemediation, get_hconfig

given = json.load(sys.stdin)


def timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def workflow(pair):
    running = get_hconfig(Platform.CISCO_IOS, pair["running"])
    intended = get_hconfig(Platform.CISCO_IOS, pair["intended"])
    return WorkflowRemediation(running, intended)


def remedy(pair):
    return workflow(pair).remediation_config


def there_and_back(pair):
    flow = workflow(pair)
    return flow.remediation_config, flow.rollback_config


def best(work):
    return min(timed(work)[0] for _ in range(3))


parse = best(lambda: get_hconfig(Platform.CISCO_IOS, given["large"]))
fleet = best(lambda: [remedy(pair) for pair in given["fleet"]])
back = best(lambda: [there_and_back(pair) for pair in given["fleet"]])
acl, fixed = timed(lambda: remedy(given["list"]))
commands = sum(1 for child in fixed.all_children_sorted() if not child.children)
report = {"parse": parse, "fleet": fleet, "back": back, "list": acl, "commands": commands}
json.dump({"version": version("hier-config"), **report}, sys.stdout)
