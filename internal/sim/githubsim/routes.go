package githubsim

func (s *Site) table() []route {
	get := func(template string, h handler) route { return route{method: "GET", template: template, handle: h} }
	write := func(method, template string, h handler) route {
		return route{method: method, template: template, write: true, handle: h}
	}
	const repo = "/repos/{owner}/{repo}"
	const issue = repo + "/issues/{issue_number}"
	return append(s.hookTable(), []route{
		write("POST", graphqlRoute, s.graphqlPost),
		get("/user", s.user),
		get(installationRoute, s.installationGet),
		write("POST", tokenRoute, s.tokenPost),
		get("/rate_limit", s.rateLimit),
		get("/orgs/{org}/repos", s.orgRepositories),
		get("/organizations/{org_id}/repos", s.orgRepositories),
		get("/user/repos", s.userRepositories),
		get("/installation/repositories", s.installationRepositories),
		get(repo, s.repositoryGet),
		get(repo+"/issues", s.issueList),
		write("POST", repo+"/issues", s.issuePost),
		get(repo+"/issues/comments", s.commentsOfRepository),
		get(repo+"/issues/comments/{comment_id}", s.commentGet),
		write("PATCH", repo+"/issues/comments/{comment_id}", s.commentPatch),
		write("DELETE", repo+"/issues/comments/{comment_id}", s.commentDelete),
		get(issue, s.issueGet),
		write("PATCH", issue, s.issuePatch),
		get(issue+"/labels", s.issueLabels),
		write("POST", issue+"/labels", s.issueLabelsPost),
		write("PUT", issue+"/labels", s.issueLabelsPut),
		write("DELETE", issue+"/labels", s.issueLabelsClear),
		write("DELETE", issue+"/labels/{name}", s.issueLabelDelete),
		write("POST", issue+"/assignees", s.assigneesPost),
		write("DELETE", issue+"/assignees", s.assigneesDelete),
		get(issue+"/comments", s.comments),
		write("POST", issue+"/comments", s.commentPost),
		get(issue+"/events", s.events),
		get(issue+"/dependencies/blocked_by", s.blockedBy),
		get(repo+"/labels", s.labelList),
		write("POST", repo+"/labels", s.labelPost),
		get(repo+"/labels/{name}", s.labelGet),
		write("PATCH", repo+"/labels/{name}", s.labelPatch),
		write("DELETE", repo+"/labels/{name}", s.labelDelete),
		get(repo+"/milestones", s.milestoneList),
		get(repo+"/milestones/{milestone_number}", s.milestoneGet),
	}...)
}
