"""Faults in what notices a silent database, one that was restored, and workers that stand still."""

from dev.faults.fault import Fault

SILENCE = "tests/core/database/test_silence.py::"
SILENT_QUEUES = "tests/deploy/test_silent_queues.py::"
AGE = "tests/payments/sessions/test_database_age.py::"

DATABASE = (
    Fault(
        "A frozen server is waited for as long as a statement may take",
        "        while silent < SILENT_TURNS and done < turns:",
        "        while done < turns:",
        f"{SILENCE}test_a_silent_server_is_given_up_and_found_again",
    ),
    Fault(
        "A slow statement fails although its server answers others",
        "                silent = silent + 1 if self.answers == before else 0",
        "                silent = silent + 1",
        f"{SILENCE}test_a_slow_statement_of_a_server_that_answers_others_goes_on",
    ),
    Fault(
        "A server without a free connection counts as silent",
        "        except psycopg.Error:\n            pass  #",
        "        except psycopg.Error:\n            return  #",
        f"{SILENCE}test_a_server_without_a_free_connection_is_there",
    ),
    Fault(
        "What other threads hear does not count",
        "            answer = self._wait_on(connection, wait, at_most, statement)\n        self.answers += 1\n",
        "            answer = self._wait_on(connection, wait, at_most, statement)\n",
        f"{SILENCE}test_an_answer_is_heard",
    ),
    Fault(
        "A given up connection is kept, and its next statement reads the answer of the last",
        "        connection.pgconn.finish()\n        raise WaitTimeout",
        "        raise WaitTimeout",
        f"{SILENCE}test_a_silent_server_is_given_up_and_found_again",
    ),
    Fault(
        "Workers do not notice a silent server",
        "    return process in OF_PROCESS\n",
        '    return process == "web"\n',
        f"{SILENCE}test_a_silent_server_is_given_up_and_found_again",
    ),
    Fault(
        "A worker that stands still keeps its rows locked",
        '    "idle_in_transaction_session_timeout": "10s",\n',
        "",
        "tests/core/database/test_database_sessions.py::test_the_values_are_those_of_the_design",
    ),
    Fault(
        "A clock that was ahead when sales were resumed hides a restore",
        "marker.newest_move or _is_answered(marker):",
        "marker.newest_move or marker.written_at < last_resumed():",
        f"{AGE}test_a_clock_that_was_ahead_when_sales_were_resumed_hides_no_restore",
    ),
    Fault(
        "An old backup that is restored again repeats the numbers that were skipped the first time",
        "    move_numbers_ahead(lost=max(0, marker.newest_move - newest_move()) if marker else 0)",
        "    move_numbers_ahead()",
        f"{AGE}test_a_backup_that_was_restored_before_is_one_pause_again",
    ),
    Fault(
        "Behind many locked showtimes a request waits for each of them",
        "            if waiting.is_stuck() or self._is_behind_stuck(waiting):",
        "            if waiting.is_stuck():",
        "tests/core/web/test_request_turns.py::test_behind_requests_that_are_all_stuck_nobody_waits_for_long",
    ),
    Fault(
        "Requests are refused in a rush although others go on",
        "LONGEST_WAIT_BEHIND_STUCK and self._count_stuck() >= self.most",
        "LONGEST_WAIT_BEHIND_STUCK",
        "tests/core/web/test_request_turns.py::test_behind_requests_that_are_all_stuck_nobody_waits_for_long",
    ),
    Fault(
        "A request that is not to wait waits",
        "    if must_not_wait.get() or is_stuck(showtime_id):",
        "    if is_stuck(showtime_id):",
        "tests/core/database/test_lock_waits.py::test_a_request_that_must_not_wait_is_refused_at_any_showtime",
    ),
    Fault(
        "The site's database sessions wait for locks without end",
        '    "lock_timeout": "3s",',
        '    "lock_timeout": "0",',
        "tests/core/database/test_database_sessions.py::test_the_values_are_those_of_the_design",
    ),
    Fault(
        "Workers wait for locks without end",
        '    "lock_timeout": "2s",\n',
        '    "lock_timeout": "0",\n',
        "tests/core/database/test_database_sessions.py::test_the_values_are_those_of_the_design",
    ),
    Fault(
        "Workers that may not forget start without the role for it",
        "    if not may_forget:\n        raise WrongRole(",
        "    if False:\n        raise WrongRole(",
        "tests/payments/privacy/test_database_roles.py::test_without_one_workers_must_be_able_to_forget_themselves",
    ),
    Fault(
        "A restore marker of nothing but brackets stops the start",
        "AttributeError, ArithmeticError, RecursionError)",
        "AttributeError)",
        "tests/payments/sessions/test_database_age.py::test_a_missing_or_broken_file_is_no_alarm",
    ),
    Fault(
        "A restore marker without a time zone stops the start",
        'datetime.fromisoformat(told["written_at"]).astimezone(), sold)',
        'datetime.fromisoformat(told["written_at"]), sold)',
        "tests/payments/sessions/test_database_age.py::test_a_file_that_names_no_time_zone_is_compared",
    ),
    Fault(
        "Pages wait for a frozen database for ever",
        "            connection.wait = partial(server.wait, connection, connection.wait, at_most)",
        "            pass",
        "tests/core/database/test_kept_connections.py"
        "::test_a_session_that_stands_still_is_waited_for_no_longer_than_a_statement_may_take",
    ),
    Fault(
        "Workers give up long statements",
        "    return longest + SECONDS_BEYOND_STATEMENT if longest else None",
        "    return longest + SECONDS_BEYOND_STATEMENT",
        "tests/core/database/test_kept_connections.py::test_workers_wait_for_long_statements",
    ),
    Fault(
        "A heartbeat of any age keeps workers from sweeping by themselves",
        "filter(name__in=names.values(), at__gt=from_now(-SILENT_AFTER_SECONDS))",
        "filter(name__in=names.values())",
        f"{SILENT_QUEUES}test_a_queue_is_silent_when_its_heartbeat_is_old_or_there_is_none",
    ),
    Fault(
        "What sweeps by itself makes the worker look alive",
        ' and "kwargs" not in entry]',
        "]",
        f"{SILENT_QUEUES}test_all_that_beat_asks_of_a_queue_is_swept_but_its_heartbeat",
    ),
    Fault(
        "A sweep that fails by itself stops the others",
        '        except Exception:\n            log.exception("sweep_failed"',
        '        except LookupError:\n            log.exception("sweep_failed"',
        f"{SILENT_QUEUES}test_a_sweep_that_fails_stops_no_other",
    ),
    Fault(
        "Nothing sweeps while no task comes",
        "*(worker_of(queue, more=more) for queue in queues), sweeping_child(queues)]",
        "*(worker_of(queue, more=more) for queue in queues)]",
        "tests/deploy/test_frozen.py::test_a_frozen_worker_and_a_frozen_process_of_its_pool_are_ended_and_healthy_ones_are_not",
    ),
)
