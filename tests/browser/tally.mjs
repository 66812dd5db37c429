// Counts what held and what did not.
export class Tally {
    passed = 0;
    failures = [];

    /** `problems` is empty where the check passed. */
    record(name, problems) {
        if (problems.length === 0) {
            this.passed += 1;
            return;
        }
        this.failures.push(name);
        console.log(`FAILED ${name}`);
        for (const problem of problems.slice(0, 8)) {
            console.log(`    ${problem}`);
        }
        if (problems.length > 8) {
            console.log(`    and ${problems.length - 8} more`);
        }
    }

    /** Runs a check; one that cannot go on has failed. */
    async check(name, work) {
        try {
            this.record(name, await work());
        } catch (error) {
            this.record(name, [String(error?.stack ?? error)]);
        }
    }

    /** Prints the sum; the status for the process. */
    finish() {
        console.log(`${this.passed} passed, ${this.failures.length} failed`);
        return this.passed > 0 && this.failures.length === 0 ? 0 : 1;
    }
}
