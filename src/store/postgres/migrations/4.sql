-- The same `commit_unit`, which also removes all that begins with a key (`z`): a loop that is erased goes with all that stands beside it.
create or replace function interview_assistant.commit_unit(
    unit bytea,
    at_stamp bigint,
    written_format smallint,
    locks bigint[],
    alone boolean[],
    checks text,
    check_keys bytea[],
    check_numbers bigint[],
    writes text,
    write_keys bytea[],
    write_numbers bigint[],
    write_jsons text[],
    tally_slot smallint,
    tally_states smallint[],
    tally_steps bigint[],
    again boolean,
    out outcome text,
    out found_format smallint,
    out found_json text
) language plpgsql as $$
declare
    i integer;
    found_number bigint;
    there boolean;
    given bigint;
begin
    -- In one order for everybody. What is read below is read after the last lock is there, so it cannot change any more.
    for i in 1 .. cardinality(locks) loop
        if alone[i] then
            perform pg_advisory_xact_lock(locks[i]);
        else
            perform pg_advisory_xact_lock_shared(locks[i]);
        end if;
    end loop;

    if again and exists (select 1 from interview_assistant.applied a where a.id = unit) then
        outcome := 'done';
        return;
    end if;

    i := 1;
    while i <= length(checks) loop
        select r.format, r.number, r.json into found_format, found_number, found_json
        from interview_assistant.record r where r.key = check_keys[i];
        there := found;
        case substr(checks, i, 1)
            when 'a' then
                if there then
                    outcome := 'duplicate';
                    return;
                end if;
            when 'u' then
                if there then
                    i := i + check_numbers[i]::integer;
                end if;
            when 'r' then
                if coalesce(found_number, 0) <> check_numbers[i] then
                    outcome := 'conflict';
                    return;
                end if;
            when 't' then
                if not there then
                    outcome := 'conflict';
                    return;
                end if;
        end case;
        i := i + 1;
    end loop;

    for i in 1 .. length(writes) loop
        case substr(writes, i, 1)
            when 'p' then
                insert into interview_assistant.record (key, format, number, json)
                values (write_keys[i], written_format, write_numbers[i], write_jsons[i])
                on conflict (key) do update
                set format = excluded.format, number = excluded.number, json = excluded.json;
            when 'x' then
                delete from interview_assistant.record r where r.key = write_keys[i];
            when 'z' then
                -- No place, and no name but one that nobody finds, is as high as what is put behind the beginning here.
                delete from interview_assistant.record r
                where r.key >= write_keys[i] and r.key < write_keys[i] || decode(repeat('ff', 40), 'hex');
            when 'a' then
                insert into interview_assistant.record (key, format, number, json)
                values (
                    write_keys[i] || decode(lpad(to_hex(nextval('interview_assistant.place')), 16, '0'), 'hex'),
                    written_format, write_numbers[i], write_jsons[i]
                );
            when 'e' then
                insert into interview_assistant.record (key, format, number, json)
                values (write_keys[i], written_format, nextval('interview_assistant.place'), write_jsons[i])
                on conflict (key) do nothing;
            when 'o' then
                select r.number into found_number
                from interview_assistant.record r where r.key = write_keys[i];
                update interview_assistant.stamp s
                set last = greatest(at_stamp, s.last + 1, coalesce(found_number, 0) + 1)
                where s.slot = write_numbers[i]
                returning s.last into given;
                insert into interview_assistant.record (key, format, number, json)
                values (write_keys[i], written_format, given, write_jsons[i])
                on conflict (key) do update
                set format = excluded.format, number = excluded.number, json = excluded.json;
            when 'b' then
                update interview_assistant.record r
                set format = written_format, json = write_jsons[i]
                where r.key = write_keys[i] and r.number = write_numbers[i];
            when 's' then
                delete from interview_assistant.record r
                where r.key = write_keys[i] and r.number = write_numbers[i];
            when 'f' then
                delete from interview_assistant.record r
                where r.key = write_keys[i] and r.number < write_numbers[i];
        end case;
    end loop;

    for i in 1 .. cardinality(tally_states) loop
        insert into interview_assistant.tally as t (slot, state, loops)
        values (tally_slot, tally_states[i], tally_steps[i])
        on conflict (slot, state) do update set loops = t.loops + excluded.loops;
    end loop;

    -- Of two tries of one commit, the second ends here, and nothing of it is written.
    insert into interview_assistant.applied (id) values (unit);
    outcome := 'done';
end
$$;
