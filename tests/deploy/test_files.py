"""The files that deploy the app say the same as the app, and each other."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from data_access.settings import Settings
from tests.deploy.behind_proxy import CONFIGURATION, ROOT, proxy_program

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
KUBERNETES: list[dict[str, Any]] = [*yaml.safe_load_all((ROOT / "deploy/kubernetes.yaml").read_text(encoding="utf-8"))]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def of_kind(kind: str, name: str) -> dict[str, Any]:
    (found,) = (one for one in KUBERNETES if one["kind"] == kind and one["metadata"]["name"] == name)
    return found


def test_the_proxys_configuration_is_valid() -> None:
    if not proxy_program():
        pytest.skip("no HAProxy: sudo apt-get install haproxy")
    said = subprocess.run([proxy_program(), "-c", "-f", str(CONFIGURATION)], capture_output=True, text=True, check=True)
    assert "WARNING" not in said.stderr


def test_every_container_of_compose_has_no_rights_and_a_root_that_cannot_be_written() -> None:
    assert set(COMPOSE["services"]) == {"proxy", "rewardscope", "database"}
    for name, service in COMPOSE["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name


def test_every_image_that_is_not_built_here_is_named_by_its_digest() -> None:
    bases = re.findall(r"^FROM (\S+:\S+)", DOCKERFILE, re.MULTILINE)
    contexts = dict(one.split("=") for one in COMPOSE["services"]["rewardscope"]["build"]["additional_contexts"])
    assert [*contexts] == bases
    images = [COMPOSE["services"][name]["image"] for name in ("proxy", "database")]
    named = {f"docker-image://{name}": image for name, image in contexts.items()} | {
        image.split("@")[0]: image for image in images
    }
    for name, image in named.items():
        assert re.fullmatch(re.escape(name) + "@sha256:[0-9a-f]{64}", image)


def test_compose_gives_settings_that_the_app_knows_and_volumes_that_the_image_has() -> None:
    service = COMPOSE["services"]["rewardscope"]
    ours = {name: value for name, value in service["environment"].items() if name.startswith("REWARDSCOPE_")}
    assert Settings.from_environment(ours).judgements == "postgresql://rewardscope@database/rewardscope"
    inside = {volume.split(":")[1] for volume in service["volumes"] if volume.startswith("cache")} | {"/judgements"}
    (volumes,) = re.findall(r"^VOLUME (.*)$", DOCKERFILE, re.MULTILINE)
    assert inside == set(volumes.split())


def test_the_proxy_looks_for_the_processes_where_compose_has_them() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    (name, port) = re.findall(r"\$\{PROCESSES-(\w+):(\d+)\}", text)[0]
    assert name in COMPOSE["services"]
    assert f"PORT={port}" in DOCKERFILE
    (listens,) = re.findall(r"\$\{LISTEN-:(\d+)\}", text)
    (published,) = COMPOSE["services"]["proxy"]["ports"]
    assert published.endswith(f":{listens}")


def test_kubernetes_runs_it_without_rights_and_keeps_a_session_on_its_pod() -> None:
    pod = of_kind("Deployment", "rewardscope")["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert f"--uid {pod['securityContext']['runAsUser']} " in DOCKERFILE
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["automountServiceAccountToken"] is False
    ours = {one["name"]: one.get("value", "") for one in container["env"] if one["name"].startswith("REWARDSCOPE_")}
    Settings.from_environment(ours)
    mounted = {one["mountPath"] for one in container["volumeMounts"]}
    assert mounted == {"/cache", "/data", "/tmp", "/judgements"}
    assert {one["name"] for one in container["volumeMounts"]} == {one["name"] for one in pod["volumes"]}
    ingress = of_kind("Ingress", "rewardscope")["metadata"]["annotations"]
    assert ingress["nginx.ingress.kubernetes.io/affinity"] == "cookie"


def test_what_the_manifest_refers_to_is_in_it() -> None:
    names = {(one["kind"], one["metadata"]["name"]) for one in KUBERNETES}
    pod = of_kind("Deployment", "rewardscope")["spec"]["template"]
    claims = {
        one["persistentVolumeClaim"]["claimName"] for one in pod["spec"]["volumes"] if "persistentVolumeClaim" in one
    }
    assert {("PersistentVolumeClaim", name) for name in claims} <= names
    service = of_kind("Service", "rewardscope")["spec"]
    assert service["selector"].items() <= pod["metadata"]["labels"].items()
    assert service["ports"][0]["targetPort"] == pod["spec"]["containers"][0]["ports"][0]["name"]
    (rule,) = of_kind("Ingress", "rewardscope")["spec"]["rules"]
    assert rule["http"]["paths"][0]["backend"]["service"]["name"] == "rewardscope"


def test_the_image_has_its_health_check_and_nothing_as_root() -> None:
    assert 'CMD ["python", "/app/healthcheck.py"]' in DOCKERFILE
    assert (Path(ROOT) / "deploy" / "healthcheck.py").is_file()
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["rewardscope"]
