"""Checks of deploy.manifests: what Kubernetes is told, as a structure."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

GRACE = 5
"""Seconds that `waybill.serve` gives what is in hand."""
SECRETS = {"WAYBILL_SECRET_KEY", "WAYBILL_DATABASE_URL"}


@pytest.fixture
def documents(file_of: Callable[[str], Path]) -> list[dict[str, Any]]:
    """The learner's manifests."""
    text = file_of("k8s/waybill.yaml").read_text(encoding="utf-8")
    try:
        found = [*yaml.safe_load_all(text)]
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise AssertionError(f"k8s/waybill.yaml is no YAML: {said}") from None
    return [one for one in found if isinstance(one, dict)]


def of_kind(documents: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the one manifest of a kind."""
    found = [one for one in documents if one.get("kind") == kind]
    assert len(found) == 1, f"There are {len(found)} manifests of the kind {kind}."
    spec = found[0].get("spec")
    assert isinstance(spec, dict), f"The {kind} has no `spec`."
    return spec


@pytest.fixture
def deployment(documents: list[dict[str, Any]]) -> dict[str, Any]:
    """The spec of the deployment."""
    return of_kind(documents, "Deployment")


@pytest.fixture
def pod(deployment: dict[str, Any]) -> dict[str, Any]:
    """The spec of its pods."""
    found: dict[str, Any] = (deployment.get("template") or {}).get("spec") or {}
    return found


@pytest.fixture
def container(pod: dict[str, Any]) -> dict[str, Any]:
    """Waybill's container."""
    found = [one for one in pod.get("containers") or [] if one.get("name") == "waybill"]
    assert len(found) == 1, f"The pod has {len(found)} containers `waybill`, not one."
    one: dict[str, Any] = found[0]
    return one


def asked(container: dict[str, Any], probe: str) -> dict[str, Any]:
    """Return what a probe asks for."""
    found = (container.get(probe) or {}).get("httpGet")
    assert isinstance(found, dict), (
        f"The container has no {probe} with an `httpGet`: it has "
        f"{container.get(probe)!r}."
    )
    ports = {one.get("containerPort") for one in container.get("ports") or []}
    ports |= {one.get("name") for one in container.get("ports") or []} - {None}
    assert found.get("port") in ports, (
        f"The {probe} asks port {found.get('port')!r}, and the container has {ports}."
    )
    return found


# - The liveness probe asks `/health`, and the readiness probe `/ready`, so often that
def test_liveness_does_not_ask_the_database(container: dict[str, Any]) -> None:
    """The liveness probe asks /health, which asks no database."""
    path = asked(container, "livenessProbe").get("path")
    assert path == "/health", (
        f"The liveness probe asks {path!r}. Kubernetes kills a container whose "
        "liveness fails: if it depends on the database, a database that is away for a "
        "minute takes every Waybill down with it."
    )


# - The liveness probe asks `/health`, and the readiness probe `/ready`, so often that
def test_readiness_is_asked_while_it_drains(container: dict[str, Any]) -> None:
    """The readiness probe asks /ready, and fails before draining is over."""
    path = asked(container, "readinessProbe").get("path")
    assert path == "/ready", f"The readiness probe asks {path!r}; wanted is /ready."
    probe = container["readinessProbe"]
    each, failures = probe.get("periodSeconds", 10), probe.get("failureThreshold", 3)
    drains = draining(container)
    assert each * failures < drains, (
        f"Readiness is asked every {each} seconds, and is lost after {failures} "
        f"failures: that takes {each * failures} seconds. Waybill drains for {drains}."
    )


# - Both probes say `Host: localhost`.
@pytest.mark.parametrize("probe", ["livenessProbe", "readinessProbe"])
def test_probes_name_a_host(container: dict[str, Any], probe: str) -> None:
    """Both probes say `Host: localhost`."""
    headers = asked(container, probe).get("httpHeaders") or []
    found = {str(one.get("name")).lower(): one.get("value") for one in headers}
    assert found.get("host") == "localhost", (
        f"The {probe} sends the headers {found}. Without `Host: localhost` it names "
        "the pod's own address, which WAYBILL_ALLOWED_HOSTS refuses: no pod would ever "
        "be ready."
    )


def draining(container: dict[str, Any]) -> float:
    """Return for how many seconds Waybill drains, by its variables."""
    found = [
        one.get("value")
        for one in container.get("env") or []
        if one.get("name") == "WAYBILL_DRAIN_SECONDS"
    ]
    assert found, "The container has no variable WAYBILL_DRAIN_SECONDS."
    assert isinstance(found[-1], str), (
        f"WAYBILL_DRAIN_SECONDS is {found[-1]!r}. Kubernetes wants a text: quote it."
    )
    seconds = float(found[-1])
    assert seconds > 0, "WAYBILL_DRAIN_SECONDS is 0: nothing drains."
    return seconds


# - At least two pods run, and a new version never leaves fewer.
def test_a_new_version_leaves_no_fewer(deployment: dict[str, Any]) -> None:
    """At least two pods run, and a new version never leaves fewer."""
    replicas = deployment.get("replicas", 1)
    assert replicas >= 2, (
        f"replicas is {replicas}: when its machine is started anew, nobody answers."
    )
    strategy = deployment.get("strategy") or {}
    assert strategy.get("type", "RollingUpdate") == "RollingUpdate", (
        f"The strategy is {strategy['type']}: all pods stop before a new one starts."
    )
    rolling = strategy.get("rollingUpdate") or {}
    found = rolling.get("maxUnavailable", "25%, by default")
    assert str(found) in {"0", "0%"}, (
        f"maxUnavailable is {found}: a new version may take a pod away before its "
        "successor is ready. Say 0."
    )
    surge = rolling.get("maxSurge", 1)
    assert surge not in {0, "0", "0%"}, (
        "maxSurge and maxUnavailable are both 0: no pod may go and none may come."
    )


# - A pod has more time to stop than `WAYBILL_DRAIN_SECONDS` and the five seconds
def test_it_has_time_to_stop(pod: dict[str, Any], container: dict[str, Any]) -> None:
    """A pod has more time to stop than it needs."""
    found = pod.get("terminationGracePeriodSeconds", 30)
    before = (container.get("lifecycle") or {}).get("preStop") or {}
    slept = (before.get("sleep") or {}).get("seconds", 0)
    said = re.search(r"sleep\D+(\d+)", str(before.get("exec") or ""))
    needed = draining(container) + GRACE + slept + (int(said[1]) if said else 0)
    assert found > needed, (
        f"Waybill drains for {draining(container):g} seconds and has {GRACE} more for "
        f"what is in hand, {needed:g} together with what comes before; after {found} "
        "Kubernetes kills it."
    )


# - The image has a version, the same as in the `Job`, and starts as it says itself
def test_the_image_has_a_version(
    documents: list[dict[str, Any]], container: dict[str, Any]
) -> None:
    """The image has a version, the same as in the job."""
    image = str(container.get("image"))
    tag = image.partition("@")[0].rsplit("/")[-1].partition(":")[2]
    assert (re.search(r"\d", tag) and "latest" not in tag) or "@sha256:" in image, (
        f"The image is {image}. `latest` is another one tomorrow: two pods then run "
        "two versions, and nobody can go back."
    )
    job = of_kind(documents, "Job")["template"]["spec"]["containers"][0]
    assert job.get("image") == image, (
        f"The deployment runs {image}, and the job migrates with {job.get('image')}."
    )


# - The image has a version, the same as in the `Job`, and starts as it says itself
def test_the_image_says_what_it_starts(
    documents: list[dict[str, Any]], container: dict[str, Any]
) -> None:
    """The container starts what its image says; the job migrates, once."""
    command = [*(container.get("command") or []), *(container.get("args") or [])]
    assert command in ([], ["python", "-m", "waybill.serve"]), (
        f"The container starts {command}. With a shell before it Waybill hears no "
        "SIGTERM, and each pod would migrate at each start. Leave it to the image."
    )
    job = of_kind(documents, "Job")["template"]["spec"]
    found = job["containers"][0].get("command")
    assert found == ["python", "-m", "waybill.migrate"], f"The job runs {found}."


# - Secrets come from the Kubernetes secret `waybill`, as in the `Job`.
def test_secrets_come_from_a_secret(container: dict[str, Any]) -> None:
    """The key and the database's address come from the secret `waybill`."""
    found = {str(one.get("name")): one for one in container.get("env") or []}
    for name in found:
        plain = found[name].get("value")
        assert plain is None or not re.search(
            "SECRET|PASSWORD|KEY|TOKEN|DATABASE", name
        ), (
            f"{name} is {plain!r}, and stands in the manifest: whoever reads it could "
            "sign in as anybody."
        )
    whole = [
        (one.get("secretRef") or {}).get("name")
        for one in container.get("envFrom") or []
    ]
    single = {
        name
        for name, one in found.items()
        if ((one.get("valueFrom") or {}).get("secretKeyRef") or {}).get("name")
        == "waybill"
    }
    assert "waybill" in whole or single >= SECRETS, (
        f"From the secret `waybill` come {sorted(single) or 'no variables'}; wanted "
        f"are {sorted(SECRETS)}, or all of it: `envFrom`, as in the job."
    )


# - `enableServiceLinks` is false.
def test_no_links_of_services(pod: dict[str, Any]) -> None:
    """`enableServiceLinks` is false, or a service changes Waybill's port."""
    found = pod.get("enableServiceLinks", "not set, which means true")
    assert found is False, (
        f"enableServiceLinks is {found}. For the service `waybill` Kubernetes sets "
        "WAYBILL_PORT=tcp://10.0.0.1:80 in each pod, and `waybill.serve` refuses that."
    )


# - What is finished stays: its bounds, and what it may not do.
def test_it_is_bounded_and_may_do_little(
    pod: dict[str, Any], container: dict[str, Any]
) -> None:
    """It keeps its bounds of memory, and may do no more than it needs."""
    resources = container.get("resources") or {}
    requests, limits = resources.get("requests") or {}, resources.get("limits") or {}
    named = {*requests, *(f"at most {name}" for name in limits)}
    assert named >= {"cpu", "memory", "at most memory"}, (
        f"Its resources are {resources}."
    )
    may = {
        **(pod.get("securityContext") or {}),
        **(container.get("securityContext") or {}),
    }
    wanted = {
        "runAsNonRoot": True,
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    found = {name: may.get(name) for name in wanted}
    assert found == wanted, f"What it may do is {found}; wanted is {wanted}."
