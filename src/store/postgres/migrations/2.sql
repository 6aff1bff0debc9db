-- The processes that use the database: when each was last heard of, and until when it is believed to live. By the database's clock alone, so
-- that it does not matter what theirs say.
create table interview_assistant.process (
    id bigint primary key,
    seen timestamptz not null,
    until timestamptz not null
) with (fillfactor = 50);

-- Which process handles what is owed to Slack in which workspace. The row is there before anything is owed. Each holding has a number of its own.
create table interview_assistant.mail (
    workspace bytea primary key,
    holder bigint,
    lease bigint not null default 0
) with (fillfactor = 50);

create index mail_holder on interview_assistant.mail (holder);

-- A workspace has mail once something was owed or waited there: the second part of these keys names it.
create function interview_assistant.find_mail() returns void language sql as $$
    insert into interview_assistant.mail (workspace)
    select distinct substring(r.key from 3 for get_byte(r.key, 1))
    from interview_assistant.record r
    where ((r.key >= 'q'::bytea and r.key < 'r'::bytea) or (r.key >= 'w'::bytea and r.key < 'x'::bytea)) and get_byte(r.key, 1) <> 255
    on conflict do nothing
$$;

select interview_assistant.find_mail();

-- A process says that it lives, and takes over the mail that nobody handles, of so many workspaces at most: it is free where its process has left,
-- was not heard of for too long, or has lost the lock by which it is known to be there and does not come back within a second. For as long as a
-- lease lasts after the start of the server, nobody is gone: all of them have to find it again first.
create function interview_assistant.hold_mail(
    me bigint,
    lasts interval,
    most integer,
    balances boolean
) returns table (workspace bytea, lease bigint, processes bigint, soon boolean, surplus bigint) language plpgsql as $$
declare
    other record;
    starts boolean := pg_postmaster_start_time() > clock_timestamp() - lasts;
    gone bigint[] := '{}';
    count_processes bigint := 1;
    some_soon boolean := false;
    more bigint := 0;
begin
    insert into interview_assistant.process as p (id, seen, until)
    values (me, clock_timestamp(), clock_timestamp() + lasts)
    on conflict (id) do update set seen = excluded.seen, until = excluded.until;

    for other in
        select p.id, p.seen, p.until <= clock_timestamp() as late, pg_try_advisory_xact_lock_shared(p.id) as silent
        from interview_assistant.process p where p.id <> me
    loop
        if not starts and (other.late or (other.silent and other.seen <= clock_timestamp() - interval '1 second')) then
            gone := gone || other.id;
        elsif other.silent or other.late then
            some_soon := true;
        else
            count_processes := count_processes + 1;
        end if;
    end loop;

    update interview_assistant.mail m set holder = me, lease = m.lease + 1
    from (
        select f.workspace from interview_assistant.mail f
        where f.holder is null or f.holder = any (gone)
        limit most for update skip locked
    ) free
    where m.workspace = free.workspace;

    delete from interview_assistant.process p
    where p.id in (select g.id from interview_assistant.process g where g.id = any (gone) for update skip locked)
        and not exists (select 1 from interview_assistant.mail m where m.holder = p.id);

    if balances then
        select greatest(0, count(*) filter (where m.holder = me) - ceil(count(*)::numeric / count_processes))::bigint into more
        from interview_assistant.mail m;
    end if;

    return query
    select m.workspace, m.lease, count_processes, some_soon, more
    from (values (me)) as us (id) left join interview_assistant.mail m on m.holder = us.id;
end
$$;

-- The same as `commit_unit`, for whoever handles the mail of a workspace under a lease: nothing is written where that is another's by now. Nobody
-- takes the mail over while this is under way.
create function interview_assistant.commit_held(
    of_workspace bytea,
    of_lease bigint,
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
begin
    perform 1 from interview_assistant.mail m where m.workspace = of_workspace and m.lease = of_lease for share;
    if not found then
        outcome := 'lost';
        return;
    end if;
    select c.outcome, c.found_format, c.found_json into outcome, found_format, found_json
    from interview_assistant.commit_unit(
        unit, at_stamp, written_format, locks, alone, checks, check_keys, check_numbers, writes, write_keys, write_numbers, write_jsons,
        tally_slot, tally_states, tally_steps, again
    ) c;
end
$$;
