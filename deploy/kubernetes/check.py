"""Checks rendered manifests: "check.py FILE..." against schemas and against what the nodes need; prints what is wrong, ends with 1 then."""

import json
import re
import sys
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
# The first with the sleep of preStop switched on, one in the middle, the newest whose schemas are here.
KUBERNETES = ("1.30.0", "1.34.0", "1.37.0")
AFTER_DRAIN = 5  # seconds that a node needs at most once its streams have gone: docs/operations.md
NO_SETTINGS = {"POD_IP", "JDK_JAVA_OPTIONS"}
SECRET_VALUE = re.compile(r"password|://[^/\s]*@|-----BEGIN", re.IGNORECASE)
SECRET_NAME = re.compile(r"PASSWORD|USERNAME|REDIS_URL|SECRET")


def strict(schema):
    """The schema of a custom resource, as JSON Schema that takes no unknown fields, as the API server would drop them."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: strict(value) for key, value in schema.items()}
    if result.get("x-kubernetes-int-or-string"):
        result["type"] = ["integer", "string"]
        result.pop("anyOf", None)
    if "properties" in result and not result.get("x-kubernetes-preserve-unknown-fields"):
        result.setdefault("additionalProperties", False)
    return result


def schema_faults(document):
    if document["kind"] == "ServiceMonitor":
        schema = strict(json.loads((HERE / "schemas" / "servicemonitor-v1.json").read_text()))
        schema["properties"]["metadata"] = {"type": "object"}
        return [f"{'.'.join(map(str, e.absolute_path))}: {e.message}" for e in jsonschema.Draft202012Validator(schema).iter_errors(document)]
    faults = []
    for version in KUBERNETES:
        try:
            kubernetes_validate.validate(document, version, strict=True)
        except kubernetes_validate.ValidationError as e:
            faults.append(f"Kubernetes {version}: {e}")
    return faults


def settings():
    """What a node can be told, as environment variables: the tables of README, which a test of the build compares with the code."""
    names = set()
    for row in re.findall(r"^\| ((?:`[a-z.-]+`(?:, )?)+) \|", (PROJECT / "README.md").read_text(), re.MULTILINE):
        first = None
        for name in re.findall(r"`([a-z.-]+)`", row):
            if name.startswith("."):  # `spring.datasource.url`, `.username`
                name = first.rsplit(".", 1)[0] + name
            first = first or name
            names.add(re.sub(r"[.-]", "_", name).upper())
    return names


def seconds(duration):
    number, unit = re.fullmatch(r"(\d+)(ms|s|m|h)", duration).groups()
    return int(number) * {"ms": 0.001, "s": 1, "m": 60, "h": 3600}[unit]


class Manifests:
    """The documents of one overlay, and what is wrong with them."""

    def __init__(self, documents):
        self.documents = documents
        self.faults = []
        self.deployment = self.one("Deployment", "sse-cluster")
        self.pod = self.deployment["spec"]["template"]
        self.container = self.pod["spec"]["containers"][0]

    def of(self, kind):
        return [d for d in self.documents if d["kind"] == kind]

    def one(self, kind, name):
        found = [d for d in self.of(kind) if d["metadata"]["name"] == name]
        if len(found) != 1:
            raise SystemExit(f"{len(found)} of {kind} {name}")
        return found[0]

    def need(self, holds, what):
        if not holds:
            self.faults.append(what)

    def config(self):
        name = self.container["envFrom"][0]["configMapRef"]["name"]
        return self.one("ConfigMap", name)["data"]

    def check(self):
        for document in self.documents:
            where = f"{document['kind']} {document['metadata']['name']}"
            self.faults += [f"{where}: {fault}" for fault in schema_faults(document)]
        for part in (self.environment, self.secrets, self.stop, self.ports, self.security, self.references, self.scaling, self.balancer):
            part()
        return self.faults

    def environment(self):
        known = settings() | NO_SETTINGS
        names = [e["name"] for e in self.container["env"]] + list(self.config())
        for name in names:
            self.need(name in known, f"{name} is no setting of README")
            self.need(names.count(name) == 1, f"{name} is set twice")
        config = self.config()
        for name in ("SERVER_ADDRESS", "MANAGEMENT_SERVER_ADDRESS"):
            self.need(config.get(name) == "0.0.0.0", f"{name}: without 0.0.0.0 a node listens to loopback only")
        self.need(config.get("SSE_SECURITY_MODE") == "jwt", "SSE_SECURITY_MODE must be jwt")

    def secrets(self):
        self.need(not self.of("Secret"), "a Secret is among the manifests")
        for e in self.container["env"]:
            if SECRET_NAME.search(e["name"]):
                self.need("secretKeyRef" in e.get("valueFrom", {}), f"{e['name']} must come from a Secret")
        for name, value in self.config().items():
            self.need(not SECRET_NAME.search(name) and not SECRET_VALUE.search(value), f"{name} looks like a secret")

    def stop(self):
        pre_stop = self.container["lifecycle"]["preStop"]["sleep"]["seconds"]
        window = seconds(self.config()["SSE_DRAIN_WINDOW"])
        grace = self.pod["spec"]["terminationGracePeriodSeconds"]
        self.need(grace >= pre_stop + window + AFTER_DRAIN,
                  f"terminationGracePeriodSeconds {grace} is less than {pre_stop} (preStop) + {window} (sse.drain.window) + {AFTER_DRAIN}")
        ready = self.deployment["spec"].get("minReadySeconds", 0)
        self.need(ready >= pre_stop + window, f"minReadySeconds {ready}: the next node would go before one has sent its streams away")
        rolling = self.deployment["spec"]["strategy"]["rollingUpdate"]
        self.need(rolling["maxUnavailable"] == 0, "maxUnavailable must be 0")

    def ports(self):
        ports = {p["name"]: p["containerPort"] for p in self.container["ports"]}
        config = self.config()
        self.need(ports == {"http": int(config["SERVER_PORT"]), "management": int(config["MANAGEMENT_SERVER_PORT"])}, f"ports: {ports}")
        probes = {"startupProbe": "liveness", "livenessProbe": "liveness", "readinessProbe": "readiness"}
        for probe, path in probes.items():
            get = self.container[probe]["httpGet"]
            self.need(get == {"path": f"/actuator/health/{path}", "port": "management"}, f"{probe}: {get}")
        for service in self.of("Service"):
            for port in service["spec"]["ports"]:
                self.need(ports.get(port["targetPort"]) == port["port"], f"Service {service['metadata']['name']}: {port}")
        for rule in self.one("NetworkPolicy", "sse-cluster")["spec"]["ingress"]:
            self.need(rule.get("from") and all(p["port"] in ports for p in rule.get("ports", [{"port": None}])), f"NetworkPolicy: {rule}")

    def security(self):
        pod, own = self.pod["spec"]["securityContext"], self.container["securityContext"]
        self.need(pod["runAsNonRoot"] and pod["runAsUser"] > 0 and pod["seccompProfile"]["type"] == "RuntimeDefault", f"securityContext: {pod}")
        self.need(own == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}},
                  f"securityContext: {own}")
        self.need(not self.pod["spec"]["automountServiceAccountToken"], "automountServiceAccountToken")
        self.need(self.pod["spec"]["enableServiceLinks"] is False, "enableServiceLinks must be false: its variables look like settings")
        self.need(":" in self.container["image"] or "/" not in self.container["image"], "the image needs a tag")
        self.need("/tmp" in [m["mountPath"] for m in self.container["volumeMounts"]], "the JVM needs /tmp")
        policy = self.one("NetworkPolicy", "sse-cluster")["spec"]
        self.need(policy["policyTypes"] == ["Ingress", "Egress"] and policy["egress"], "NetworkPolicy must say both directions")
        self.need(all(rule.get("to") and rule.get("ports") for rule in policy["egress"]), "NetworkPolicy: egress to everybody")

    def references(self):
        labels = self.pod["metadata"]["labels"].items()
        selectors = [(s, s["spec"]["selector"]) for s in self.of("Service")]
        selectors += [(p, p["spec"]["selector"]["matchLabels"]) for p in self.of("PodDisruptionBudget")]
        selectors += [(p, p["spec"]["podSelector"]["matchLabels"]) for p in self.of("NetworkPolicy")]
        selectors += [(self.deployment, c["labelSelector"]["matchLabels"]) for c in self.pod["spec"]["topologySpreadConstraints"]]
        for document, selector in selectors:
            self.need(selector.items() <= labels, f"{document['kind']} {document['metadata']['name']} selects none of the pods: {selector}")
        self.one("ServiceAccount", self.pod["spec"]["serviceAccountName"])
        monitor = self.one("ServiceMonitor", "sse-cluster")["spec"]
        chosen = [s for s in self.of("Service") if monitor["selector"]["matchLabels"].items() <= s["metadata"]["labels"].items()]
        self.need([s["metadata"]["name"] for s in chosen] == ["sse-cluster-management"], "ServiceMonitor must select the management Service only")
        self.need([e["port"] for e in monitor["endpoints"]] == ["management"], "ServiceMonitor: port")

    def scaling(self):
        scaler = self.one("HorizontalPodAutoscaler", "sse-cluster")["spec"]
        self.need(scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sse-cluster"}, "scaleTargetRef")
        self.need("replicas" not in self.deployment["spec"], "replicas and a HorizontalPodAutoscaler would fight")
        meters = (PROJECT / "docs" / "metrics.md").read_text()
        for metric in scaler["metrics"]:
            name = metric["pods"]["metric"]["name"]
            self.need(f"| `{name}` |" in meters, f"{name} is no metric of docs/metrics.md")

    def balancer(self):
        services = {s["metadata"]["name"]: {p["name"] for p in s["spec"]["ports"]} for s in self.of("Service")}
        for ingress in self.of("Ingress"):
            for path in (p for rule in ingress["spec"]["rules"] for p in rule["http"]["paths"]):
                backend = path["backend"]["service"]
                self.need(backend["port"]["name"] in services.get(backend["name"], ()), f"Ingress: no {backend}")
        for service in self.of("Service"):
            timeout = service["metadata"].get("annotations", {}).get("haproxy.org/timeout-server", "60s")
            self.need(seconds(timeout) > 30, f"timeout-server {timeout} is not above sse.stream.heartbeat-interval")


def load(file):
    return [d for d in yaml.safe_load_all(Path(file).read_text()) if d]


def haproxy(file):
    """A configuration of HAProxy with what the example tells its Ingress controller."""
    streams = next(d for d in load(file) if d["metadata"]["name"] == "sse-cluster-streams")
    snippet = streams["metadata"]["annotations"]["haproxy.org/backend-config-snippet"]
    timeouts = "  timeout connect 5s\n  timeout client 50s\n  timeout server 60s\n"
    indented = "".join(f"  {line}\n" for line in snippet.splitlines())
    return (f"defaults\n  mode http\n{timeouts}frontend sse\n  bind 127.0.0.1:8080\n  default_backend streams\n"
            f"backend streams\n{indented}  server node1 127.0.0.1:8081\n  server node2 127.0.0.1:8082\n")


def main(arguments):
    if arguments[0] == "--haproxy":
        print(haproxy(arguments[1]))
        return 0
    faults = [f"{Path(file).name}: {fault}" for file in arguments for fault in Manifests(load(file)).check()]
    for fault in faults:
        print(fault, file=sys.stderr)
    if not faults:
        count = sum(len(load(file)) for file in arguments)
        print(f"{count} manifests are right for Kubernetes {', '.join(KUBERNETES)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
