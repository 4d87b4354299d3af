"""The house default for the festival of a ward: marks of 0 to 10 by 0.5, each fifth of the scale in words."""

from __future__ import annotations

from contest.editions.rubric_templates.shape import RubricTemplate, Words, criterion, made
from contest.editions.rules import CriterionSpec

SOURCE = "Bảng Vàng – đề xuất, tổng hợp từ thể lệ CiC 2019, SV_STARTUP và Quảng Ngãi 2021"
MARKS = ("2", "4", "6", "8", "10")


def _scaled(code: str, words: Words, weight: str, about: Words, *meanings: Words) -> CriterionSpec:
    marks = [(mark, vi, en) for mark, (vi, en) in zip(MARKS, meanings, strict=True)]
    return criterion(code, words, "10", weight=weight, step="0.5", about=about, marks=marks)


PRELIMINARY = made(
    "ward-preliminary",
    ("Mẫu của Bảng Vàng – sơ khảo", "House default – preliminary"),
    SOURCE,
    _scaled(
        "NEED",
        ("Tính cần thiết với địa phương", "Need for the place"),
        "2",
        ("Vấn đề có thật và đáng giải quyết ở địa phương không?", "Is the problem real here, and worth solving?"),
        ("Chưa nêu được vấn đề, hoặc vấn đề không có ở địa phương.", "No problem named, or none that exists here."),
        ("Có nêu vấn đề nhưng chung chung, không có dẫn chứng.", "A problem is named, but vaguely and without proof."),
        ("Vấn đề có thật, có vài dẫn chứng; chưa rõ ai chịu ảnh hưởng.", "Real, with some proof; unclear who suffers."),
        ("Vấn đề rõ, có số liệu hoặc đã hỏi người dân; biết rõ ai cần.", "Clear, with figures or people asked."),
        ("Vấn đề cấp thiết, số liệu đáng tin, người dân xác nhận.", "Urgent, trustworthy figures, people confirm it."),
    ),
    _scaled(
        "NOVELTY",
        ("Tính mới, sáng tạo", "Novelty and creativity"),
        "2.5",
        ("Ý tưởng khác những gì đã có ở điểm nào?", "How does the idea differ from what exists?"),
        ("Chép lại một giải pháp đã có.", "Copies an existing solution."),
        ("Khác biệt nhỏ, chủ yếu ở cách trình bày.", "Differs little, mostly in its presentation."),
        ("Có điểm mới với địa phương, dù nơi khác đã làm.", "New for the place, though done elsewhere."),
        ("Cách làm mới, so sánh được với giải pháp đang có.", "A new way, compared with what is in use."),
        ("Rất độc đáo, có lợi thế rõ và khó bắt chước.", "Truly original, clearly better, hard to copy."),
    ),
    _scaled(
        "FEASIBILITY",
        ("Tính khả thi", "Feasibility"),
        "2.5",
        (
            "Đội có làm được với thời gian, tiền và công nghệ đã nêu không?",
            "Can it be done with time, money and tools?",
        ),
        ("Chưa có cách làm.", "No way of doing it."),
        ("Có các bước chính nhưng thiếu nguồn lực hoặc chi phí.", "Main steps, but no resources or costs."),
        ("Kế hoạch hợp lý, còn vài giả định chưa kiểm tra.", "A sensible plan with a few untested assumptions."),
        (
            "Kế hoạch cụ thể, có chi phí và người phụ trách; đã thử một phần.",
            "Concrete, costed, staffed, partly tried.",
        ),
        ("Đã có bản chạy thử hoặc khách hàng thử; rủi ro có phương án.", "A running trial; risks have an answer."),
    ),
    _scaled(
        "IMPACT",
        ("Tác động cộng đồng", "Effect on the community"),
        "1.5",
        ("Bao nhiêu người được lợi và lợi ra sao?", "How many people gain, and what?"),
        ("Chưa thấy ai được lợi.", "Nobody seems to gain."),
        ("Một nhóm nhỏ được lợi, chưa đo được.", "A small group gains; not measurable."),
        ("Lợi ích rõ cho một nhóm, có cách đo.", "Clear gain for one group, with a way to measure."),
        ("Lợi ích rõ cho nhiều nhóm, có thể nhân rộng trong phường.", "Clear gain for several groups, can spread."),
        ("Thay đổi rõ rệt, bền vững, nhân rộng được ra nơi khác.", "A marked, lasting change that can spread widely."),
    ),
    _scaled(
        "TEAM",
        ("Đội ngũ", "Team"),
        "0.5",
        ("Các thành viên có đủ khả năng và phân công rõ không?", "Are skills sufficient and duties clear?"),
        ("Không rõ ai làm gì.", "Unclear who does what."),
        ("Có phân công nhưng thiếu kỹ năng chính.", "Duties are shared, a main skill is missing."),
        ("Đủ kỹ năng chính.", "The main skills are there."),
        ("Kỹ năng bổ sung cho nhau, có người hướng dẫn.", "Skills complement each other; a mentor helps."),
        ("Đội mạnh, đã cùng làm ra sản phẩm hoặc dự án.", "A strong team that has made something together."),
    ),
    _scaled(
        "FORM",
        ("Hình thức hồ sơ", "Form of the entry"),
        "1",
        ("Hồ sơ có đủ phần, rõ ràng, dễ đọc không?", "Is the entry complete, clear and readable?"),
        ("Thiếu nhiều phần hoặc khó đọc.", "Much is missing or hard to read."),
        ("Đủ phần chính nhưng lộn xộn.", "The main parts are there, in disorder."),
        ("Đủ phần, mạch lạc.", "Complete and coherent."),
        ("Rõ ràng, có hình hoặc số liệu minh họa.", "Clear, illustrated with pictures or figures."),
        ("Trình bày chuyên nghiệp, đọc một lần là hiểu.", "Professional, understood at first reading."),
    ),
)
FINAL = made(
    "ward-final",
    ("Mẫu của Bảng Vàng – chung kết", "House default – final"),
    SOURCE,
    _scaled(
        "SOLUTION",
        ("Giải pháp và giá trị", "Solution and value"),
        "2.5",
        ("Giải pháp giải quyết vấn đề gì, đem lại giá trị gì cho ai?", "What does it solve, and for whom?"),
        ("Không rõ giải pháp làm gì.", "Unclear what the solution does."),
        ("Giải pháp có, giá trị cho người dùng còn mơ hồ.", "A solution whose value to users is vague."),
        ("Giải quyết được vấn đề, giá trị hiểu được.", "Solves the problem; the value can be understood."),
        ("Giá trị rõ, khác biệt, người dùng thử khen.", "Clear and distinct value, praised by trial users."),
        ("Giá trị vượt trội, có bằng chứng từ người dùng thật.", "Outstanding value, proved by real users."),
    ),
    _scaled(
        "PLAN",
        ("Tính khả thi và kế hoạch", "Feasibility and plan"),
        "2.5",
        ("Kế hoạch 12 tháng tới có thực hiện được không?", "Can the plan of the next 12 months be done?"),
        ("Chưa có kế hoạch.", "No plan."),
        ("Kế hoạch chung chung, thiếu tiền hoặc người.", "A vague plan without money or people."),
        ("Kế hoạch hợp lý, chi phí ước tính được.", "A sensible plan with estimated costs."),
        ("Mốc thời gian, chi phí, nguồn thu rõ; rủi ro đã tính.", "Clear dates, costs and income; risks considered."),
        ("Sẵn sàng triển khai, đã có đối tác hoặc nguồn vốn.", "Ready to start, with partners or funds."),
    ),
    _scaled(
        "IMPACT",
        ("Tác động", "Effect"),
        "2",
        ("Lợi ích kinh tế, xã hội, môi trường là gì và đo thế nào?", "What does society gain, and how is it measured?"),
        ("Chưa thấy tác động.", "No effect to be seen."),
        ("Tác động nhỏ, chưa đo được.", "A small effect that is not measurable."),
        ("Tác động rõ với một nhóm.", "A clear effect on one group."),
        ("Tác động rõ, có chỉ số đo, nhân rộng được.", "A clear, measured effect that can spread."),
        ("Tác động lớn, bền vững, có số liệu chứng minh.", "A large, lasting effect, proved by figures."),
    ),
    _scaled(
        "PITCH",
        ("Thuyết trình", "Pitch"),
        "1.5",
        ("Đội trình bày rõ, đúng giờ và cuốn hút không?", "Is the pitch clear, on time and engaging?"),
        ("Khó theo dõi, sai giờ.", "Hard to follow, not on time."),
        ("Hiểu được một phần, phụ thuộc vào slide.", "Partly understood, read from the slides."),
        ("Rõ ý, đúng giờ.", "Clear and on time."),
        ("Mạch lạc, minh họa tốt, cả đội phối hợp.", "Coherent, well illustrated, the team works together."),
        ("Thuyết phục, ấn tượng, để lại thông điệp rõ.", "Convincing and memorable."),
    ),
    _scaled(
        "ANSWERS",
        ("Trả lời phản biện", "Answers to questions"),
        "1.5",
        ("Đội hiểu câu hỏi và trả lời đúng trọng tâm không?", "Does the team understand and answer the questions?"),
        ("Không trả lời được.", "Cannot answer."),
        ("Trả lời vòng vo hoặc sai.", "Answers evasively or wrongly."),
        ("Trả lời được phần lớn câu hỏi.", "Answers most questions."),
        ("Trả lời đúng trọng tâm, có dẫn chứng.", "Answers to the point, with proof."),
        ("Hiểu sâu, nhận điểm yếu và nêu hướng khắc phục.", "Deep understanding; admits weaknesses, offers ways."),
    ),
)

HOUSE: tuple[RubricTemplate, ...] = (PRELIMINARY, FINAL)
