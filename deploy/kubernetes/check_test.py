"""What check.py has to find: "check_test.py FILE" breaks the manifests in one place after the other."""

import copy
import sys

from check import Manifests, load


def container(documents):
    return next(d for d in documents if d["kind"] == "Deployment")["spec"]["template"]["spec"]["containers"][0]


def pod(documents):
    return next(d for d in documents if d["kind"] == "Deployment")["spec"]["template"]["spec"]


def spec(documents, kind):
    return next(d for d in documents if d["kind"] == kind)["spec"]


def data(documents):
    return next(d for d in documents if d["kind"] == "ConfigMap")["data"]


BREAKS = {
    "a misspelled field": lambda d: pod(d).update(terminationGracePeriodSecond=60),
    "a field of the wrong type": lambda d: spec(d, "HorizontalPodAutoscaler").update(maxReplicas="twelve"),
    "a misspelled field of the ServiceMonitor": lambda d: spec(d, "ServiceMonitor")["endpoints"][0].update(intervall="15s"),
    "a time that is none in the ServiceMonitor": lambda d: spec(d, "ServiceMonitor")["endpoints"][0].update(interval="often"),
    "an unknown setting": lambda d: data(d).update(SSE_STREAM_HEARTBEAT="5s"),
    "an unknown setting of Spring": lambda d: container(d)["env"].append({"name": "SPRING_REDIS_URL", "value": "x"}),
    "no bind address": lambda d: data(d).pop("SERVER_ADDRESS"),
    "no security": lambda d: data(d).update(SSE_SECURITY_MODE="none"),
    "too little time to stop": lambda d: pod(d).update(terminationGracePeriodSeconds=24),
    "a longer drain": lambda d: data(d).update(SSE_DRAIN_WINDOW="1m"),
    "a password in the open": lambda d: data(d).update(SPRING_DATASOURCE_URL="jdbc:mysql://db/sse?password=x"),
    "a password as a value": lambda d: container(d)["env"].append({"name": "SPRING_DATASOURCE_PASSWORD", "value": "x"}),
    "a Secret": lambda d: d.append({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}}),
    "a probe on the wrong port": lambda d: container(d)["readinessProbe"]["httpGet"].update(port="http"),
    "a writable root": lambda d: container(d)["securityContext"].update(readOnlyRootFilesystem=False),
    "the variables of Services": lambda d: pod(d).update(enableServiceLinks=True),
    "a selector of nothing": lambda d: spec(d, "PodDisruptionBudget")["selector"]["matchLabels"].update(tier="x"),
    "a metric that there is not": lambda d: spec(d, "HorizontalPodAutoscaler")["metrics"][0]["pods"]["metric"].update(name="sse_streams"),
    "egress to everybody": lambda d: spec(d, "NetworkPolicy")["egress"].append({"ports": [{"port": 443}]}),
    "ingress from everybody": lambda d: spec(d, "NetworkPolicy")["ingress"].append({"ports": [{"port": "http"}]}),
    "a backend that there is not": lambda d: spec(d, "Ingress")["rules"][0]["http"]["paths"][0]["backend"]["service"].update(name="x"),
}


def main(file):
    documents = load(file)
    missed = [what for what, breaks in BREAKS.items() if not faults(documents, breaks)]
    for what in missed:
        print(f"check.py does not find {what}", file=sys.stderr)
    print(f"{len(BREAKS) - len(missed)} passed, {len(missed)} failed")
    return 1 if missed else 0


def faults(documents, breaks):
    broken = copy.deepcopy(documents)
    breaks(broken)
    return Manifests(broken).check()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
