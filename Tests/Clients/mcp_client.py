"""Calls every tool with the official Python client and prints what it got, as one JSON object.

Usage: mcp_client.py REVISION stdio PROGRAM [ARGUMENT ...]
       mcp_client.py REVISION http URL TOKEN

REVISION is one that the client speaks, or `auto` to let it find out.
"""
import asyncio
import json
import os
import sys

import mcp.client.session
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.exceptions import MCPError
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

CALLS = [
    ("search", {"query": "pods stuck in CrashLoopBackOff", "limit": 3}),
    ("get", {"path": "runbooks/sqs-redrive.md", "start_line": 2, "line_count": 2}),
    ("context", {"goal": "cut the S3 bill", "budget": 900}),
    ("facts", {"action": "set", "key": "owner.mcp", "value": "me"}),
    ("facts", {"action": "get", "key": "owner.mcp"}),
    ("facts", {"action": "list", "prefix": "owner.m"}),
    ("facts", {"action": "delete", "key": "owner.mcp"}),
    ("remember", {"text": "The frobnicator restarts on Tuesdays.", "tags": ["frob"]}),
    ("search", {"query": "frobnicator", "mode": "lexical"}),
    ("timeline", {"action": "append", "agent": "tester", "event": "probe", "summary": "Probed."}),
    ("timeline", {"action": "list", "agent": "tester", "limit": 1}),
    ("status", {}),
    ("plan", {"goal": "cut the S3 bill"}),
    # What goes wrong inside a tool is a result that the model can read.
    ("search", {"query": "x", "limt": 3}),
    ("facts", {"action": "get", "key": "no.such.fact"}),
]


async def main() -> None:
    revision, transport, *rest = sys.argv[1:]
    mode = revision
    if revision in HANDSHAKE_PROTOCOL_VERSIONS:
        # The client offers its latest; with an older one it is the older client.
        mcp.client.session.LATEST_HANDSHAKE_VERSION = revision
        mode = "legacy"
    if transport == "stdio":
        server = stdio_client(
            StdioServerParameters(command=rest[0], args=rest[1:], env=dict(os.environ)))
    else:
        headers = {"authorization": f"Bearer {rest[1]}"}
        server = streamable_http_client(rest[0], http_client=create_mcp_http_client(headers=headers))
    async with Client(server, mode=mode) as client:
        listed = await client.list_tools()
        results = []
        for name, arguments in CALLS:
            result = await client.call_tool(name, arguments)
            text = json.loads(result.content[0].text)
            assert text == result.structured_content, name
            results.append({"tool": name, "isError": bool(result.is_error), "value": text})
        unknown = None
        try:
            await client.call_tool("no_such_tool", {})
        except MCPError as error:
            unknown = error.error.code
        print(json.dumps({
            "version": client.session.protocol_version,
            "tools": [tool.name for tool in listed.tools],
            "results": results,
            "unknown": unknown,
        }))


asyncio.run(main())
