"""`promesa reactions` lists what is parked and tries it again; scripts can trust its exit code."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

from click.testing import CliRunner, Result

from promesa.cli.main import main
from promesa.domain.events import ParkedReaction
from promesa.storage.database import Database
from tests.support.nouns import a_parked_reaction, a_tenant, an_event

TENANT = a_tenant()


async def _ask(settings: Path, *words: str) -> Result:
    command = ["reactions", *words, "--json", "--settings", str(settings)]
    return await asyncio.to_thread(CliRunner().invoke, main, command)


async def test_parked_reactions_are_listed_and_tried_again(
    database: Database, owner_dsn: str, tmp_path: Path
) -> None:
    settings = tmp_path / "promesa.toml"
    settings.write_text(f'[database]\nurl = "{owner_dsn}"\n')
    await database.directory.add_tenant(TENANT)
    # Nothing is to be told of this event, so that doing it again is done at once.
    event = replace(an_event(TENANT.id), type="fleet.changed")
    known = replace(a_parked_reaction(), event_id=event.id)
    unknown = replace(known, reaction="of_another_version")
    async with database.transaction(TENANT.id) as tx:
        await tx.events.record(event)
        await tx.parked.put(known)
        await tx.parked.put(unknown)
    listed = await _ask(settings, "list")
    assert listed.exit_code == 0
    rows = json.loads(listed.stdout)["parked"]
    assert [row["reaction"] for row in rows] == ["of_another_version", "tell_webhooks"]
    assert rows[1]["event_id"] == str(event.id)
    retried = await _ask(settings, "retry")
    told = json.loads(retried.stdout)
    assert (retried.exit_code, told["done"], len(told["parked"])) == (1, 1, 1)
    assert await _left(database) == [unknown]


async def _left(database: Database) -> list[ParkedReaction]:
    async with database.transaction(TENANT.id) as tx:
        return await tx.parked.list_all()
