# Who is invited to an interview.
BEGIN { FS = OFS = ","; print "id", "sex", "invited" }
NR > 1 {
    score = $5 + 0.4 * $3
    print $1, $2, (score >= 54) ? "yes" : "no"
}
