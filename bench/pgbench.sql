-- What one rating click writes, as the bot writes it: one call of the same function with the same locks, checks and writes, of the same sizes, and
-- with nothing around it. Clients are people: each goes through fifteen questions in one of six loops, then in the next, and nobody waits for anybody.
-- The reply's key is random, as a delivery's is. The texts come from `src/pgbench.rs`. A variable keeps its value from one transaction to the next.
\set r random(1, 9223372036854775806)
\set s random(1, 9223372036854775806)
\set slot random(0, 255)
\set loop (:client_id + :n / 15 % 6) % 64
\set revision :n / 90 * 15 + :n % 15
\set next :revision + 1
\set headlock 1000 + :loop
\set cardlock (:run * 1000 + :client_id) * 64 + 2000 + :loop
\set author :run * 1000 + :client_id
select outcome from interview_assistant.commit_unit(
    int8send(1795780388) || int8send(:r) || int8send(:s), 1795780388835419496, 1::smallint,
    array[:headlock, :cardlock, :r]::bigint[], array[false, true, true],
    'aaaarr',
    array[
        '\x648000513109543042454e4348303069'::bytea || int8send(:r) || :delivery::bytea,
        '\x648000513009543042454e4348303069'::bytea || int8send(:r) || :delivery::bytea,
        '\x648000512f09543042454e4348303069'::bytea || int8send(:r) || :delivery::bytea,
        '\x648000512e09543042454e4348303069'::bytea || int8send(:r) || :delivery::bytea,
        '\x6809543042454e43483030062e2e'::bytea || int4send(:loop::integer),
        '\x6309543042454e43483030062e2e'::bytea || int4send(:loop::integer) || '\x0955304c4f41'::bytea || int4send(:author::integer)
    ],
    array[0, 0, 0, 0, 1, :revision]::bigint[],
    'ppa',
    array[
        '\x648000513109543042454e4348303069'::bytea || int8send(:r) || :delivery::bytea,
        '\x6309543042454e43483030062e2e'::bytea || int4send(:loop::integer) || '\x0955304c4f41'::bytea || int4send(:author::integer),
        '\x6109543042454e43483030062e2e'::bytea || int4send(:loop::integer)
    ],
    array[0, :next, 0]::bigint[],
    array[:reply, :card, :audit]::text[],
    :slot::smallint, array[]::smallint[], array[]::bigint[], false
);
\set n :n + 1
