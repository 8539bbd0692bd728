"""Writes a line for each request to a model that goes through mitmproxy.

    mitmdump -s mitmproxy_usage.py --set usage_file=telemetry.jsonl

"experiment ingest proxy-telemetry" and "experiment compare --telemetry" read the file. A line has tokens, time,
status and model. It has no prompt, no answer and no key.
"""

import json
import re
import time
from datetime import datetime, timezone

from mitmproxy import ctx, http
from mitmproxy.net import encoding

MODEL_PATH = re.compile(r"/(?:messages|responses|chat/completions)(?:\?|$)")
# A longer answer is passed on, and its tokens are unknown.
BODY_BYTES_MAX = 64 * 1024 * 1024


class Usage:
    def load(self, loader):
        loader.add_option("usage_file", str, "telemetry.jsonl", "the file that gets a line for each request")
        loader.add_option("usage_backend", str, "", "the backend's name (default: the host)")
        loader.add_option("usage_feature", str, "", "the feature that is worked on")

    def request(self, flow: http.HTTPFlow) -> None:
        if is_model_socket(flow):
            # The messages of a WebSocket get no lines. A client that gets this answer asks over HTTP.
            body = json.dumps({"error": {"message": "Use HTTP."}})
            flow.response = http.Response.make(426, body, {"content-type": "application/json"})

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        if not is_model_request(flow):
            return
        kept = flow.metadata["usage_kept"] = bytearray()

        def keep(chunk: bytes) -> bytes:
            if len(kept) <= BODY_BYTES_MAX:
                kept.extend(chunk)
            return chunk

        # The agent gets each piece at once, also of a stream.
        flow.response.stream = keep

    def response(self, flow: http.HTTPFlow) -> None:
        if is_model_request(flow):
            self.write(flow, flow.response.status_code)

    def error(self, flow: http.HTTPFlow) -> None:
        if is_model_request(flow):
            # The tokens of an answer that broke off count as far as they were told.
            self.write(flow, 0)

    def write(self, flow: http.HTTPFlow, status: int) -> None:
        model, usage = read_answer(flow)
        started = flow.request.timestamp_start
        said = {
            "timestamp": stamp(started),
            "session_id": None,
            "backend_provider": ctx.options.usage_backend or flow.request.pretty_host,
            "model": model or model_asked_for(flow),
            "prompt_tokens": None if usage is None else prompt_of(usage),
            "completion_tokens": None if usage is None else usage.get("output"),
            "latency_ms": round((time.time() - started) * 1000),
            "status": status,
            "trace_id": flow.id,
            "cost_usd": None,
            "usage": usage,
        }
        if ctx.options.usage_feature:
            said["feature_id"] = ctx.options.usage_feature
        with open(ctx.options.usage_file, "a", encoding="utf-8") as file:
            file.write(json.dumps(said) + "\n")


def is_model_request(flow: http.HTTPFlow) -> bool:
    return flow.request.method == "POST" and MODEL_PATH.search(flow.request.path) is not None


def is_model_socket(flow: http.HTTPFlow) -> bool:
    upgrade = flow.request.headers.get("upgrade", "")
    return upgrade.lower() == "websocket" and MODEL_PATH.search(flow.request.path) is not None


def stamp(seconds: float) -> str:
    moment = datetime.fromtimestamp(seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def model_asked_for(flow: http.HTTPFlow):
    try:
        return json.loads(flow.request.get_text()).get("model")
    except (ValueError, AttributeError, TypeError):
        return None


def read_answer(flow: http.HTTPFlow):
    """The model and the tokens of an answer; None for what it does not tell."""
    kept = flow.metadata.get("usage_kept")
    if not kept or len(kept) > BODY_BYTES_MAX:
        return None, None
    try:
        body = encoding.decode(bytes(kept), flow.response.headers.get("content-encoding", "identity"))
    except ValueError:
        return None, None
    text = body.decode("utf-8", "replace")
    model, told = None, {}
    for part in documents(text):
        for holder in (part, part.get("message"), part.get("response")):
            if not isinstance(holder, dict):
                continue
            model = holder.get("model") or model
            if isinstance(holder.get("usage"), dict):
                # A stream repeats its counts. The last one of each class is the whole.
                told.update({name: value for name, value in holder["usage"].items() if value is not None})
    return model, canonical(told) if told else None


def documents(text: str):
    """The JSON objects of an answer: one, or those of a stream of events."""
    lines = [line[5:] for line in text.splitlines() if line.startswith("data:")]
    for piece in lines or [text]:
        try:
            value = json.loads(piece)
        except ValueError:
            continue
        if isinstance(value, dict):
            yield value


def canonical(told: dict) -> dict:
    """The classes of tokens as Counterbalance names them. Input leaves cached tokens out."""
    if "prompt_tokens" in told or "input_tokens_details" in told:
        total = told.get("prompt_tokens", told.get("input_tokens", 0))
        details = told.get("prompt_tokens_details") or told.get("input_tokens_details") or {}
        outputs = told.get("completion_tokens_details") or told.get("output_tokens_details") or {}
        cached = details.get("cached_tokens") or 0
        written = details.get("cache_write_tokens") or 0
        usage = {
            "input_uncached": total - cached - written,
            "cache_read": cached,
            "cache_write_5m": written,
            "output": told.get("completion_tokens", told.get("output_tokens", 0)),
        }
        if outputs.get("reasoning_tokens") is not None:
            usage["reasoning"] = outputs["reasoning_tokens"]
    else:
        written = told.get("cache_creation") or {}
        hour = written.get("ephemeral_1h_input_tokens") or 0
        usage = {
            "input_uncached": told.get("input_tokens", 0),
            "cache_read": told.get("cache_read_input_tokens", 0),
            "cache_write_5m": (told.get("cache_creation_input_tokens") or 0) - hour,
            "cache_write_1h": hour,
            "output": told.get("output_tokens", 0),
        }
    return {**usage, "requests": 1}


def prompt_of(usage: dict) -> int:
    classes = ("input_uncached", "cache_read", "cache_write_5m", "cache_write_1h")
    return sum(usage.get(name, 0) for name in classes)


addons = [Usage()]
