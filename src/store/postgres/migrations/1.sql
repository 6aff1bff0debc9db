-- Every record of the bot, under the key that `store::keys` gives it: the first letter says of what kind it is.
create table interview_assistant.record (
    key bytea primary key,
    format smallint not null,
    number bigint not null,
    json text not null
) with (fillfactor = 85);

-- Places in queues: what comes later has a higher one.
create sequence interview_assistant.place;

-- The last stamp given to a parcel, by a part of all parcels: so that none waits for those of the others.
create table interview_assistant.stamp (
    slot smallint primary key,
    last bigint not null
) with (fillfactor = 50);

insert into interview_assistant.stamp
select slot, 0 from generate_series(0, 255) as slot;

-- How many loops are in which state (0 open, 1 revealed, 2 decided, 3 withdrawn): the sums over all slots.
create table interview_assistant.tally (
    slot smallint not null,
    state smallint not null,
    loops bigint not null,
    primary key (slot, state)
) with (fillfactor = 50);

-- Commits that were written: so that one whose answer was lost is not written twice. Kept for a day.
create table interview_assistant.applied (
    id bytea primary key
);

-- Judges a commit and writes it, all or nothing: `store::postgres::sending` says what the letters mean.
create function interview_assistant.commit_unit(
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
