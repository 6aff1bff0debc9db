-- Judges some commits and writes those that hold, in one transaction: `store::postgres::together` says which may go together. None of them touches
-- what another one writes, so it does not matter that all are judged first and all that hold are written then. Those that do not hold are
-- told, by their place. Their names are new: a second try goes through `commit_unit`.
create function interview_assistant.commit_units(
    units bytea[],
    written_format smallint,
    locks bigint[],
    alone boolean[],
    checks text[],
    check_units integer[],
    check_keys bytea[],
    check_numbers bigint[],
    writes text[],
    write_units integer[],
    write_keys bytea[],
    write_numbers bigint[],
    write_jsons text[]
) returns table (unit integer, outcome text, found_format smallint, found_json text) language plpgsql as $$
declare
    left_out integer[] := '{}';
begin
    -- In one order for everybody, as in `commit_unit`. What is read below is read by later statements.
    perform case when l.alone then pg_advisory_xact_lock(l.number) else pg_advisory_xact_lock_shared(l.number) end
    from unnest(locks, alone) as l (number, alone);

    for unit, outcome, found_format, found_json in
        select distinct on (c.unit) c.unit, case c.what when 'a' then 'duplicate' else 'conflict' end, r.format, r.json
        from unnest(checks, check_units, check_keys, check_numbers) with ordinality as c (what, unit, key, number, place)
        left join lateral (
            select s.format, s.number, s.json from interview_assistant.record s where s.key = c.key limit 1
        ) r on true
        where case c.what
            when 'a' then r.number is not null
            when 'r' then coalesce(r.number, 0) <> c.number
            else r.number is null
        end
        order by c.unit, c.place
    loop
        left_out := left_out || unit;
        return next;
    end loop;

    insert into interview_assistant.record (key, format, number, json)
    select
        case w.what
            when 'a' then w.key || decode(lpad(to_hex(nextval('interview_assistant.place')), 16, '0'), 'hex')
            else w.key
        end,
        written_format, w.number, w.json
    from unnest(writes, write_units, write_keys, write_numbers, write_jsons) as w (what, unit, key, number, json)
    where w.unit <> all (left_out)
    on conflict (key) do update
    set format = excluded.format, number = excluded.number, json = excluded.json;

    insert into interview_assistant.applied (id)
    select u.id from unnest(units) with ordinality as u (id, place) where u.place <> all (left_out);
end
$$;
