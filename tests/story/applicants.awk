# Six thousand applicants, the same ones every time: sex, years in the job, months out of it, points in a test. Women have
# fewer years, were out of the job for longer, and are as good in the test.
function chance(limit) {
    state = (state * 1103515245 + 12345) % 2147483648
    return int(state / 2147483648 * limit)
}
BEGIN {
    state = 20260131
    print "id,sex,years,months_out,points"
    for (id = 1; id <= 6000; id++) {
        woman = id % 2
        points = chance(34) + chance(34) + chance(35)
        years = 6 + chance(15) - (woman ? chance(7) : 0)
        months_out = woman ? chance(30) : chance(10)
        printf "%d,%s,%d,%d,%d\n", id, woman ? "woman" : "man", years, months_out, points
    }
}
