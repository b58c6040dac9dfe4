<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="zh_CN">
<context>
    <name>Advice</name>
    <message>
        <source>请先在左侧选一户</source>
        <translation>First choose a household on the left</translation>
    </message>
</context>
<context>
    <name>AdviceDialog</name>
    <message>
        <source>对照与试算</source>
        <translation>Compare and try out</translation>
    </message>
    <message>
        <source>新建与维修</source>
        <translation>Rebuild or repair</translation>
    </message>
    <message>
        <source>2016年与2017年文本</source>
        <translation>Texts of 2016 and 2017</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>事项</source>
        <translation>Matter</translation>
    </message>
    <message>
        <source>2016年文本</source>
        <translation>Text of 2016</translation>
    </message>
    <message>
        <source>2017年文本</source>
        <translation>Text of 2017</translation>
    </message>
    <message>
        <source>同一天、同样的情况，按两个文本各核对一次；只列结论不同的。</source>
        <translation>The same day and facts by both texts; only what differs is listed.</translation>
    </message>
    <message>
        <source>其他情况不变，只换改造方式。</source>
        <translation>Only the way of renovating differs.</translation>
    </message>
    <message>
        <source>面积下限</source>
        <translation>Least area</translation>
    </message>
    <message>
        <source>面积上限</source>
        <translation>Most area</translation>
    </message>
</context>
<context>
    <name>AnswersPanel</name>
    <message>
        <source>核对结果</source>
        <translation>Answers</translation>
    </message>
    <message>
        <source>选一户后，边填边出结果。</source>
        <translation>Choose a household; the answers come as you type.</translation>
    </message>
    <message>
        <source>显示哪些结论</source>
        <translation>Which answers to show</translation>
    </message>
    <message>
        <source>还不能核对</source>
        <translation>Not checked yet</translation>
    </message>
    <message>
        <source>0 元</source>
        <translation>0 CNY</translation>
    </message>
    <message>
        <source>已知金额 {0}</source>
        <translation>Known money {0}</translation>
    </message>
    <message>
        <source>待定 {0} 项，还需核实 {1} 项</source>
        <translation>{0} open, {1} facts to ask</translation>
    </message>
    <message>
        <source>县标准为示例</source>
        <translation>sample standards</translation>
    </message>
    <message>
        <source>下一问：{0}</source>
        <translation>Ask next: {0}</translation>
    </message>
    <message>
        <source>还需核实（点一下就去填）</source>
        <translation>Still to be asked (click to fill in)</translation>
    </message>
    <message>
        <source>（已问，不清楚）</source>
        <translation> (asked, not known)</translation>
    </message>
    <message>
        <source>……另有 {0} 项</source>
        <translation>… and {0} more</translation>
    </message>
    <message>
        <source>→ 去填：{0}</source>
        <translation>→ Fill in: {0}</translation>
    </message>
</context>
<context>
    <name>AuditPage</name>
    <message>
        <source>审计记录</source>
        <translation>Audit trail</translation>
    </message>
    <message>
        <source>序号</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>谁</source>
        <translation>Who</translation>
    </message>
    <message>
        <source>做了什么</source>
        <translation>What</translation>
    </message>
    <message>
        <source>内容</source>
        <translation>To what</translation>
    </message>
    <message>
        <source>验证没有改动</source>
        <translation>Verify that nothing was altered</translation>
    </message>
    <message>
        <source>只增不改；每条由哈希与前一条相连。这里列最近的 {0} 条。</source>
        <translation>Only added to, never changed; each entry is bound to the one before by its hash. These are the newest {0}.</translation>
    </message>
    <message>
        <source>审计记录完整：{0} 条，末条 {1}</source>
        <translation>The trail holds: {0} entries, the last is {1}</translation>
    </message>
</context>
<context>
    <name>BenefitsPage</name>
    <message>
        <source>待遇</source>
        <translation>Entitlement</translation>
    </message>
    <message>
        <source>年度</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>待遇发放</source>
        <translation>Dues</translation>
    </message>
    <message>
        <source>享受人</source>
        <translation>Person</translation>
    </message>
    <message>
        <source>身份证号</source>
        <translation>Id number</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>行政村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>期次</source>
        <translation>Period</translation>
    </message>
    <message>
        <source>应发（元）</source>
        <translation>Due (CNY)</translation>
    </message>
    <message>
        <source>申领</source>
        <translation>Claimed</translation>
    </message>
    <message>
        <source>发放</source>
        <translation>Paid</translation>
    </message>
    <message>
        <source>备注</source>
        <translation>Remark</translation>
    </message>
    <message>
        <source>这一年没有应发这项待遇的人；上面可以换一项，或换年度。</source>
        <translation>Nobody is due this in this year; choose another entitlement or year above.</translation>
    </message>
    <message>
        <source>申领或发放日期</source>
        <translation>Day of claim or payment</translation>
    </message>
    <message>
        <source>所选登记申领</source>
        <translation>Record as claimed</translation>
    </message>
    <message>
        <source>所选登记发放</source>
        <translation>Record as paid</translation>
    </message>
    <message>
        <source>名单</source>
        <translation>List</translation>
    </message>
    <message>
        <source>读回名单…</source>
        <translation>Read a list back…</translation>
    </message>
    <message>
        <source>应发 {0} 人次 {1:,.2f} 元；已申领 {2}；已发放 {3} 人次 {4:,.2f} 元</source>
        <translation>{0} due, {1:,.2f} CNY; {2} claimed; {3} paid, {4:,.2f} CNY</translation>
    </message>
    <message>
        <source>；暂缓 {0} 人次 {1:,.2f} 元不在应发之内，原因见备注</source>
        <translation>; {0} held back, {1:,.2f} CNY not counted as due, for the reasons under remarks</translation>
    </message>
    <message>
        <source>✗ 暂缓</source>
        <translation>✗ Held back</translation>
    </message>
    <message>
        <source>已登记 {0} 人次</source>
        <translation>{0} recorded</translation>
    </message>
    <message>
        <source>读回填好的名单</source>
        <translation>Read an edited list back</translation>
    </message>
    <message>
        <source>Excel 工作簿 (*.xlsx)</source>
        <translation>Excel workbook (*.xlsx)</translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message>
        <source>拍照</source>
        <translation>Take photos</translation>
    </message>
    <message>
        <source>摄像头画面</source>
        <translation>What the camera sees</translation>
    </message>
    <message>
        <source>摄像头</source>
        <translation>Camera</translation>
    </message>
    <message>
        <source>正在打开摄像头…</source>
        <translation>Opening the camera…</translation>
    </message>
    <message>
        <source>拍照（空格）</source>
        <translation>Take photo (space)</translation>
    </message>
    <message>
        <source>完成</source>
        <translation>Done</translation>
    </message>
    <message>
        <source>摄像头打不开：{0}</source>
        <translation>The camera cannot be opened: {0}</translation>
    </message>
    <message>
        <source>已拍 {0} 张</source>
        <translation>{0} taken</translation>
    </message>
</context>
<context>
    <name>ChangesDialog</name>
    <message>
        <source>读回台账：{0}</source>
        <translation>Read back: {0}</translation>
    </message>
    <message>
        <source>将登记 {0} 行；{1} 行有问题，不会登记。</source>
        <translation>{0} rows will be recorded; {1} have a problem and will not.</translation>
    </message>
    <message>
        <source>与已登记的相同，没有要改的。</source>
        <translation>The same as what is recorded; nothing changes.</translation>
    </message>
    <message>
        <source>改动</source>
        <translation>Changes</translation>
    </message>
    <message>
        <source>行、姓名</source>
        <translation>Row, name</translation>
    </message>
    <message>
        <source>将登记</source>
        <translation>Will record</translation>
    </message>
    <message>
        <source>问题</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>登记</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>ClassesPage</name>
    <message>
        <source>培训班</source>
        <translation>Training classes</translation>
    </message>
    <message>
        <source>名称</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>类型</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>日期</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>天数</source>
        <translation>Days</translation>
    </message>
    <message>
        <source>人数</source>
        <translation>People</translation>
    </message>
    <message>
        <source>建档立卡</source>
        <translation>Registered</translation>
    </message>
    <message>
        <source>占比</source>
        <translation>Share</translation>
    </message>
    <message>
        <source>人均每天（元）</source>
        <translation>CNY a person-day</translation>
    </message>
    <message>
        <source>不符合</source>
        <translation>Not met</translation>
    </message>
    <message>
        <source>可享受</source>
        <translation>Entitled</translation>
    </message>
    <message>
        <source>还没有培训班。工作队员在左上角选“培训班”登记，随数据包送来。</source>
        <translation>No training class yet. Field workers choose “Training class” at the upper left to record one; it comes with their bundles.</translation>
    </message>
    <message>
        <source>台账</source>
        <translation>Ledger</translation>
    </message>
</context>
<context>
    <name>Confirmation</name>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>ConflictsPanel</name>
    <message>
        <source>待核对的记录</source>
        <translation>Records to review</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>处数</source>
        <translation>Fields</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>改得不一样的地方</source>
        <translation>What was changed differently</translation>
    </message>
    <message>
        <source>项目</source>
        <translation>Field</translation>
    </message>
    <message>
        <source>原来</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>一方</source>
        <translation>One side</translation>
    </message>
    <message>
        <source>另一方</source>
        <translation>The other</translation>
    </message>
    <message>
        <source>取哪个</source>
        <translation>Take</translation>
    </message>
    <message>
        <source>整户取…</source>
        <translation>Whole household…</translation>
    </message>
    <message>
        <source>成批核对…</source>
        <translation>In bulk…</translation>
    </message>
    <message>
        <source>按所选合并</source>
        <translation>Merge as chosen</translation>
    </message>
    <message>
        <source>没有要核对的记录。</source>
        <translation>Nothing to review.</translation>
    </message>
    <message>
        <source>各方下面是人和时间，再下面是取这个值时核对会有什么不同。</source>
        <translation>Below each value stand person and time, then what the checks would answer differently for it.</translation>
    </message>
    <message>
        <source>○ 待复核</source>
        <translation>○ to be confirmed</translation>
    </message>
    <message>
        <source>都取较晚的</source>
        <translation>Always the later value</translation>
    </message>
    <message>
        <source>都取 {0} 的</source>
        <translation>Always what {0} wrote</translation>
    </message>
    <message>
        <source>未填姓名</source>
        <translation>no name given</translation>
    </message>
    <message>
        <source>（没有）</source>
        <translation>(none)</translation>
    </message>
    <message>
        <source>是</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>否</source>
        <translation>No</translation>
    </message>
    <message>
        <source>（有改动）</source>
        <translation>(changed)</translation>
    </message>
    <message>
        <source>已合并，记入历史</source>
        <translation>Merged; it is in the history</translation>
    </message>
    <message>
        <source>按同一规则核对了 {0} 户</source>
        <translation>{0} households settled by one rule</translation>
    </message>
</context>
<context>
    <name>CountyApp</name>
    <message>
        <source>请输入口令打开县数据库 {0}。</source>
        <translation>Type the passphrase of the county&apos;s database {0}.</translation>
    </message>
    <message>
        <source>入户&#x3000;县级工作台</source>
        <translation>Ruhu, the county&apos;s workspace</translation>
    </message>
</context>
<context>
    <name>CountyWindow</name>
    <message>
        <source>入户&#x3000;县级工作台&#x3000;{0}</source>
        <translation>Ruhu, the county&apos;s workspace, {0}</translation>
    </message>
    <message>
        <source>帮助</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>锁定</source>
        <translation>Lock</translation>
    </message>
    <message>
        <source>您的角色不能接收数据包：{0}</source>
        <translation>Your role does not take bundles in: {0}</translation>
    </message>
    <message>
        <source>请注意</source>
        <translation>Please note</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>设备</source>
        <translation>Devices</translation>
    </message>
    <message>
        <source>调查员</source>
        <translation>Surveyor</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>最后一包</source>
        <translation>Last bundle</translation>
    </message>
    <message>
        <source>缺的包</source>
        <translation>Missing</translation>
    </message>
    <message>
        <source>登记时间</source>
        <translation>Enrolled</translation>
    </message>
    <message>
        <source>还没有登记的笔记本：点“登记设备…”，读它的设备文件或屏幕二维码的照片。</source>
        <translation>No laptop is enrolled yet: press “Enrol a device…” and read its device file, or a photo of the code on its screen.</translation>
    </message>
    <message>
        <source>注销所选…</source>
        <translation>Revoke…</translation>
    </message>
    <message>
        <source>登记设备…</source>
        <translation>Enrol a device…</translation>
    </message>
    <message>
        <source>找回口令…</source>
        <translation>Recover a passphrase…</translation>
    </message>
    <message>
        <source>发布更新…</source>
        <translation>Publish an update…</translation>
    </message>
    <message>
        <source>● 在用</source>
        <translation>● at work</translation>
    </message>
    <message>
        <source>更新文件</source>
        <translation>Update package</translation>
    </message>
    <message>
        <source>更新文件 (*.ruhu-update)</source>
        <translation>Update packages (*.ruhu-update)</translation>
    </message>
    <message>
        <source>已发布 {0}（{1}），各台电脑下次上传后取走</source>
        <translation>{0} ({1}) is published; laptops fetch it after their next sending</translation>
    </message>
    <message>
        <source>正在核对和存入更新文件…</source>
        <translation>Checking the package and keeping it …</translation>
    </message>
    <message>
        <source>设备公钥</source>
        <translation>Device key</translation>
    </message>
    <message>
        <source>已写答复，请交给调查员</source>
        <translation>The answer is written; hand it to the surveyor</translation>
    </message>
    <message>
        <source>请先在表里选一台设备</source>
        <translation>First choose a device in the table</translation>
    </message>
    <message>
        <source>申请登记的设备</source>
        <translation>Laptops that ask</translation>
    </message>
    <message>
        <source>申请时间</source>
        <translation>Asked at</translation>
    </message>
    <message>
        <source>以下电脑申请登记：请打电话核对指纹，一致再登记。</source>
        <translation>These laptops ask to be enrolled: compare the fingerprint over the telephone first.</translation>
    </message>
    <message>
        <source>指纹一致，登记</source>
        <translation>Same fingerprint: enrol</translation>
    </message>
    <message>
        <source>不予登记</source>
        <translation>Turn away</translation>
    </message>
    <message>
        <source>最近联系</source>
        <translation>Last heard of</translation>
    </message>
    <message>
        <source>指纹词</source>
        <translation>Words</translation>
    </message>
    <message>
        <source>✗ {0} 起注销</source>
        <translation>✗ Revoked since {0}</translation>
    </message>
    <message>
        <source>设备公钥或二维码照片 (*.json *.png *.jpg *.jpeg *.pdf)</source>
        <translation>Device key or photo of its code (*.json *.png *.jpg *.jpeg *.pdf)</translation>
    </message>
    <message>
        <source>已登记，请与调查员逐词核对：{0}</source>
        <translation>Enrolled; compare every word with the surveyor: {0}</translation>
    </message>
</context>
<context>
    <name>DivisionDialog</name>
    <message>
        <source>选行政区划（2017年）</source>
        <translation>Choose a place (divisions of 2017)</translation>
    </message>
    <message>
        <source>查找村名</source>
        <translation>Find a village</translation>
    </message>
    <message>
        <source>查找村名，如 巴荷</source>
        <translation>Name of a village</translation>
    </message>
    <message>
        <source>县（市、区）</source>
        <translation>County</translation>
    </message>
    <message>
        <source>乡（镇、街道）</source>
        <translation>Township</translation>
    </message>
    <message>
        <source>村（社区）</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>选定</source>
        <translation>Choose</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>DuplicatesPanel</name>
    <message>
        <source>疑似同一人</source>
        <translation>Same person?</translation>
    </message>
    <message>
        <source>依据</source>
        <translation>By</translation>
    </message>
    <message>
        <source>一处</source>
        <translation>One entry</translation>
    </message>
    <message>
        <source>户</source>
        <translation>Household</translation>
    </message>
    <message>
        <source>另一处</source>
        <translation>Other entry</translation>
    </message>
    <message>
        <source>没有疑似重复的人。</source>
        <translation>Nobody seems to be held twice.</translation>
    </message>
    <message>
        <source>是两个人</source>
        <translation>Two people</translation>
    </message>
    <message>
        <source>留在前一户…</source>
        <translation>Keep in the first…</translation>
    </message>
    <message>
        <source>留在后一户…</source>
        <translation>Keep in the second…</translation>
    </message>
    <message>
        <source>两户并为前一户…</source>
        <translation>Join into the first…</translation>
    </message>
    <message>
        <source>证件号码相同</source>
        <translation>Same id number</translation>
    </message>
    <message>
        <source>姓名和出生日期相同</source>
        <translation>Same name and birth</translation>
    </message>
    <message>
        <source>姓名和出生日期相近</source>
        <translation>Nearly the same name and birth</translation>
    </message>
    <message>
        <source>已记为两个人</source>
        <translation>Noted as two people</translation>
    </message>
    <message>
        <source>“{0}”留在 {1}，把“{2}”从 {3} 移出？</source>
        <translation>Leave “{0}” in {1} and take “{2}” out of {3}?</translation>
    </message>
    <message>
        <source>移出一户</source>
        <translation>Take out of a household</translation>
    </message>
    <message>
        <source>移出</source>
        <translation>Take out</translation>
    </message>
    <message>
        <source>把 {0} 并入 {1}？并户以后不能再分回原样。</source>
        <translation>Join {0} to {1}? Joined households cannot be put back as they were.</translation>
    </message>
    <message>
        <source>并户</source>
        <translation>Join households</translation>
    </message>
    <message>
        <source>已移出另一户</source>
        <translation>Taken out of the other household</translation>
    </message>
    <message>
        <source>已并户</source>
        <translation>Joined</translation>
    </message>
    <message>
        <source>已提交，待第二人复核</source>
        <translation>Handed in; a second person confirms it</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>列出的农户</source>
        <translation>Households listed</translation>
    </message>
    <message>
        <source>只这一户</source>
        <translation>Only this one</translation>
    </message>
    <message>
        <source>导出到文件（不加密，请妥善保管）</source>
        <translation>Export to a file (not encrypted: keep it safe)</translation>
    </message>
    <message>
        <source>一户</source>
        <translation>one record</translation>
    </message>
    <message>
        <source>{0}户{1}人</source>
        <translation>{0} households, {1} persons</translation>
    </message>
    <message>
        <source>已导出{0}：{1}（未加密）</source>
        <translation>Exported {0}: {1} (not encrypted)</translation>
    </message>
</context>
<context>
    <name>ExportButtons</name>
    <message>
        <source>名单</source>
        <translation>List</translation>
    </message>
    <message>
        <source>导出 Excel…</source>
        <translation>Excel…</translation>
    </message>
    <message>
        <source>打印…</source>
        <translation>Print…</translation>
    </message>
    <message>
        <source>导出（不加密，请妥善保管）</source>
        <translation>Export (not encrypted, keep it safe)</translation>
    </message>
    <message>
        <source>Excel 工作簿 (*.xlsx)</source>
        <translation>Excel workbook (*.xlsx)</translation>
    </message>
    <message>
        <source>已导出 {0} 行：{1}（未加密）</source>
        <translation>{0} rows exported: {1} (not encrypted)</translation>
    </message>
    <message>
        <source>；其中 {0} 行暂缓，不付，原因在表里</source>
        <translation>; {0} of them held back and not to be paid, for the reasons in the list</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>还有结论在等这一项</source>
        <translation>An answer still waits for this</translation>
    </message>
    <message>
        <source>{0}，填入：{1}</source>
        <translation>{0}, fill in: {1}</translation>
    </message>
</context>
<context>
    <name>FiguresPage</name>
    <message>
        <source>返回上一级</source>
        <translation>Up</translation>
    </message>
    <message>
        <source>看这个乡镇、村</source>
        <translation>Go to this place</translation>
    </message>
    <message>
        <source>看背后的农户</source>
        <translation>Households behind it</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>入户进度</source>
        <translation>Progress of the survey</translation>
    </message>
    <message>
        <source>地点</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>已入户</source>
        <translation>Visited</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Persons</translation>
    </message>
    <message>
        <source>建档立卡户</source>
        <translation>Registered</translation>
    </message>
    <message>
        <source>待遇</source>
        <translation>Entitlements</translation>
    </message>
    <message>
        <source>各项待遇应发金额</source>
        <translation>What people are entitled to</translation>
    </message>
    <message>
        <source>可享受</source>
        <translation>Entitled</translation>
    </message>
    <message>
        <source>金额（元）</source>
        <translation>Amount (CNY)</translation>
    </message>
    <message>
        <source>计量</source>
        <translation>Per</translation>
    </message>
    <message>
        <source>金额待定</source>
        <translation>No amount yet</translation>
    </message>
    <message>
        <source>待核实</source>
        <translation>Open</translation>
    </message>
    <message>
        <source>全县已发放（元）</source>
        <translation>Paid, whole county</translation>
    </message>
    <message>
        <source>元</source>
        <translation>CNY</translation>
    </message>
    <message>
        <source>危改</source>
        <translation>Housing</translation>
    </message>
    <message>
        <source>危房改造各环节户数</source>
        <translation>Housing cases by stage</translation>
    </message>
    <message>
        <source>环节</source>
        <translation>Stage</translation>
    </message>
    <message>
        <source>户数</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>户</source>
        <translation>households</translation>
    </message>
    <message>
        <source>指标</source>
        <translation>Indicators</translation>
    </message>
    <message>
        <source>通知的指标与目标（红线）</source>
        <translation>The notice&apos;s indicators and targets (red)</translation>
    </message>
    <message>
        <source>结论</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>现状</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>目标</source>
        <translation>Target</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Explained</translation>
    </message>
    <message>
        <source>问题</source>
        <translation>Problems</translation>
    </message>
    <message>
        <source>不符合的事项</source>
        <translation>Checks not met</translation>
    </message>
    <message>
        <source>事项</source>
        <translation>Matter</translation>
    </message>
    <message>
        <source>件数</source>
        <translation>Cases</translation>
    </message>
    <message>
        <source>件</source>
        <translation>cases</translation>
    </message>
    <message>
        <source>走势</source>
        <translation>Trend</translation>
    </message>
    <message>
        <source>每月入户</source>
        <translation>Visits by month</translation>
    </message>
    <message>
        <source>月份</source>
        <translation>Month</translation>
    </message>
    <message>
        <source>入户</source>
        <translation>Visits</translation>
    </message>
    <message>
        <source>累计</source>
        <translation>Together</translation>
    </message>
    <message>
        <source>表格</source>
        <translation>Table</translation>
    </message>
    <message>
        <source>图保存为图片…</source>
        <translation>Save chart as a picture…</translation>
    </message>
    <message>
        <source>图打印…</source>
        <translation>Print chart…</translation>
    </message>
    <message>
        <source>{0}：农户 {1} 户，已入户 {2} 户，人口 {3}，建档立卡 {4} 户</source>
        <translation>{0}: {1} households, {2} visited, {3} persons, {4} registered</translation>
    </message>
    <message>
        <source>图保存为图片</source>
        <translation>Save chart as a picture</translation>
    </message>
    <message>
        <source>图片 (*.png)</source>
        <translation>Picture (*.png)</translation>
    </message>
    <message>
        <source>已保存：{0}</source>
        <translation>Saved: {0}</translation>
    </message>
</context>
<context>
    <name>FiguresTab</name>
    <message>
        <source>还没有数字：先在“收件箱”收数据包。</source>
        <translation>No figures yet: take bundles in on the page “Inbox” first.</translation>
    </message>
</context>
<context>
    <name>FirstStart</name>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>再输一遍口令</source>
        <translation>Passphrase again</translation>
    </message>
    <message>
        <source>县公钥文件</source>
        <translation>County key file</translation>
    </message>
    <message>
        <source>county.json，可以以后在设置里导入</source>
        <translation>county.json; it can be read in later, in the settings</translation>
    </message>
    <message>
        <source>调查员姓名</source>
        <translation>Surveyor&apos;s name</translation>
    </message>
    <message>
        <source>上一步</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>从备份恢复…</source>
        <translation>Restore from a backup…</translation>
    </message>
    <message>
        <source>口令（至少{0}个字符）</source>
        <translation>Passphrase ({0} characters at least)</translation>
    </message>
    <message>
        <source>再输一遍</source>
        <translation>Again</translation>
    </message>
    <message>
        <source>请定一个口令。调查数据用它加密，忘了只能找县里恢复。几个词连起来好记又难猜。</source>
        <translation>Choose a passphrase. It encrypts the survey data; if it is forgotten only the county can recover them. A few words in a row are easy to keep and hard to guess.</translation>
    </message>
    <message>
        <source>选择…</source>
        <translation>Choose…</translation>
    </message>
    <message>
        <source>选择县公钥文件</source>
        <translation>Choose the county&apos;s key file</translation>
    </message>
    <message>
        <source>县里发的 county.json：数据包封给它，口令忘了也靠它恢复。没有就先空着，以后在设置里导入。</source>
        <translation>The county.json your county gave you: bundles are sealed to it, and it recovers a forgotten passphrase. Leave it empty if you have none yet; it can be read in later.</translation>
    </message>
    <message>
        <source>姓名印在明白卡上，也记在每次修改里。</source>
        <translation>Your name stands on slips and with every change.</translation>
    </message>
    <message>
        <source>第一次使用&#x3000;第 {0} 步，共 3 步</source>
        <translation>First start, step {0} of 3</translation>
    </message>
    <message>
        <source>建立并进入</source>
        <translation>Begin</translation>
    </message>
    <message>
        <source>下一步</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>县公钥 (*.json)</source>
        <translation>County key (*.json)</translation>
    </message>
    <message>
        <source>{0}（{1}），请与县里逐词核对：
{2}</source>
        <translation>{0} ({1}); compare these words with the county:
{2}</translation>
    </message>
</context>
<context>
    <name>FollowUpsPage</name>
    <message>
        <source>事项</source>
        <translation>Matter</translation>
    </message>
    <message>
        <source>跟踪办理</source>
        <translation>Follow-up</translation>
    </message>
    <message>
        <source>姓名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>乡镇</source>
        <translation>Township</translation>
    </message>
    <message>
        <source>行政村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>最近记录</source>
        <translation>Latest note</translation>
    </message>
    <message>
        <source>这一项没有要跟踪的。不符合的农户，随数据包收到后列在这里。</source>
        <translation>Nothing to follow up here. Households that do not meet it are listed once their bundles came in.</translation>
    </message>
    <message>
        <source>记录日期</source>
        <translation>Day of the note</translation>
    </message>
    <message>
        <source>记录</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>去向、原因、做了什么，如“已家访，随父母在外，约定下周返校”</source>
        <translation>Where, why, what was done: “visited; with parents away; back next week”</translation>
    </message>
    <message>
        <source>台账</source>
        <translation>Ledger</translation>
    </message>
    <message>
        <source>按村汇总</source>
        <translation>By village</translation>
    </message>
    <message>
        <source>按村汇总：</source>
        <translation>By village:</translation>
    </message>
    <message>
        <source>待办 {0}，已解决 {1}</source>
        <translation>{0} open, {1} settled</translation>
    </message>
    <message>
        <source>○ 待办</source>
        <translation>○ Open</translation>
    </message>
    <message>
        <source>● 已解决</source>
        <translation>● Settled</translation>
    </message>
    <message>
        <source>已记录</source>
        <translation>Noted</translation>
    </message>
</context>
<context>
    <name>FormFields</name>
    <message>
        <source>表单分节</source>
        <translation>Sections of the form</translation>
    </message>
    <message>
        <source>这个人也登记在：{0}</source>
        <translation>The same person is in: {0}</translation>
    </message>
    <message>
        <source>↩ 县里：{0}</source>
        <translation>↩ County: {0}</translation>
    </message>
</context>
<context>
    <name>FormHeader</name>
    <message>
        <source>签字…</source>
        <translation>Sign…</translation>
    </message>
    <message>
        <source>完成入户</source>
        <translation>Close visit</translation>
    </message>
    <message>
        <source>更多</source>
        <translation>More</translation>
    </message>
</context>
<context>
    <name>FormNotices</name>
    <message>
        <source>去看</source>
        <translation>Show</translation>
    </message>
    <message>
        <source>去看县里退回的那一项</source>
        <translation>Show what the county sent back</translation>
    </message>
    <message>
        <source>去看这个人</source>
        <translation>Show this person</translation>
    </message>
    <message>
        <source>去看有两种填法的第一项</source>
        <translation>Show the first fact recorded in two ways</translation>
    </message>
    <message>
        <source>↩ 县里退回（{0} {1}）：{2}</source>
        <translation>↩ Sent back by {0} on {1}: {2}</translation>
    </message>
    <message>
        <source>有两种填法，等县里核对：{0}</source>
        <translation>Recorded in two ways, the county will settle it: {0}</translation>
    </message>
    <message>
        <source>{0} 也登记在：{1}</source>
        <translation>{0} is also registered at: {1}</translation>
    </message>
    <message>
        <source>✓ {0} 已于 {1} 签字封存</source>
        <translation>✓ Signed by {0} on {1} and sealed</translation>
    </message>
    <message>
        <source>！ {0} 于 {1} 签字后有改动：请重新签字，会成为新的修订</source>
        <translation>! Changed after {0} signed on {1}: let it be signed again; that makes a new revision</translation>
    </message>
</context>
<context>
    <name>FormPanel</name>
    <message>
        <source>请在左侧选一户，或点“新建”。</source>
        <translation>Choose a household on the left, or begin a new one.</translation>
    </message>
</context>
<context>
    <name>GrantDialog</name>
    <message>
        <source>找回口令</source>
        <translation>Recover a passphrase</translation>
    </message>
    <message>
        <source>电脑的请求</source>
        <translation>The laptop&apos;s request</translation>
    </message>
    <message>
        <source>请求 (*.json)</source>
        <translation>Request (*.json)</translation>
    </message>
    <message>
        <source>恢复密钥</source>
        <translation>Recovery key</translation>
    </message>
    <message>
        <source>恢复密钥 (*.key);;(*)</source>
        <translation>Recovery key (*.key);;(*)</translation>
    </message>
    <message>
        <source>答复存到</source>
        <translation>Save the answer to</translation>
    </message>
    <message>
        <source>答复 (*.age)</source>
        <translation>Answer (*.age)</translation>
    </message>
    <message>
        <source>逐词一致，写答复</source>
        <translation>All words agree: write the answer</translation>
    </message>
    <message>
        <source>调查员忘了口令：选他交来的请求，打电话请他念出屏幕上的词，一词不同就不要答复。恢复密钥只在这一次读入，不留在本机；答复只有那台电脑打得开，并记入审计。</source>
        <translation>A surveyor has lost their passphrase: choose the request they handed in, have them read the words on their screen over the telephone, and do not answer if one differs. The recovery key is read for this once and not kept; only that laptop can open the answer, and the audit trail tells of it.</translation>
    </message>
    <message>
        <source>请选请求、恢复密钥和答复存放的地方</source>
        <translation>Choose the request, the recovery key and where the answer goes</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>帮助</source>
        <translation>Help</translation>
    </message>
    <message>
        <source>使用手册</source>
        <translation>Handbook</translation>
    </message>
    <message>
        <source>目录</source>
        <translation>Contents</translation>
    </message>
    <message>
        <source>在手册里查找</source>
        <translation>Search the handbook</translation>
    </message>
    <message>
        <source>下一处</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>入户 {0}</source>
        <translation>Ruhu {0}</translation>
    </message>
    <message>
        <source>软件更新…</source>
        <translation>Software update…</translation>
    </message>
    <message>
        <source>没有找到</source>
        <translation>Nothing found</translation>
    </message>
    <message>
        <source>开源许可…</source>
        <translation>Open-source licences…</translation>
    </message>
</context>
<context>
    <name>HistoryDialog</name>
    <message>
        <source>修改历史</source>
        <translation>History</translation>
    </message>
    <message>
        <source>时间、事项</source>
        <translation>When and what</translation>
    </message>
    <message>
        <source>原来</source>
        <translation>Before</translation>
    </message>
    <message>
        <source>改为</source>
        <translation>After</translation>
    </message>
    <message>
        <source>{0} 处</source>
        <translation>{0} changes</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>是</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>否</source>
        <translation>No</translation>
    </message>
</context>
<context>
    <name>HouseholdList</name>
    <message>
        <source>查找</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>姓名、拼音首字母、证件号末几位、户编号</source>
        <translation>Name, pinyin initials, end of an id number, household number</translation>
    </message>
    <message>
        <source>姓名、拼音、证件号、户编号</source>
        <translation>Name, pinyin, id or household number</translation>
    </message>
    <message>
        <source>姓名、证件号、户编号</source>
        <translation>Name or number</translation>
    </message>
    <message>
        <source>记录类型</source>
        <translation>Kind of record</translation>
    </message>
    <message>
        <source>显示哪些户</source>
        <translation>Which households</translation>
    </message>
    <message>
        <source>新建</source>
        <translation>New</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>村组</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Persons</translation>
    </message>
    <message>
        <source>农户列表</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>名称</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>共 {0} 条</source>
        <translation>{0} in all</translation>
    </message>
    <message>
        <source>没有找到“{0}”。
换几个字，或看上面选的范围。</source>
        <translation>“{0}” was not found.
Try other words, or what is chosen above.</translation>
    </message>
    <message>
        <source>今天的路线还是空的。
在列表里选一户，按 Ctrl+R 放进来。</source>
        <translation>Today&apos;s route is empty.
Choose a household in the list and press Ctrl+R.</translation>
    </message>
    <message>
        <source>没有这样的记录。</source>
        <translation>No such record.</translation>
    </message>
    <message>
        <source>还没有{0}。
点“新建”登记一个。</source>
        <translation>None yet: {0}.
Record one with “New”.</translation>
    </message>
    <message>
        <source>还没有农户。
先点左边“名册”导入，或点“新建”。</source>
        <translation>No households yet.
Import a roster (on the left), or begin a new one.</translation>
    </message>
    <message>
        <source>上移</source>
        <translation>Up</translation>
    </message>
    <message>
        <source>下移</source>
        <translation>Down</translation>
    </message>
    <message>
        <source>移出</source>
        <translation>Take off</translation>
    </message>
    <message>
        <source>清空</source>
        <translation>Empty</translation>
    </message>
    <message>
        <source>已访 {0} / {1} 户，已开始 {2} 户</source>
        <translation>{0} of {1} done, {2} begun</translation>
    </message>
    <message>
        <source>，退回 {0} 户</source>
        <translation>, {0} sent back</translation>
    </message>
    <message>
        <source>；找到 {0}</source>
        <translation>; {0} found</translation>
    </message>
</context>
<context>
    <name>HouseholdsDialog</name>
    <message>
        <source>{0}：{1} 条记录</source>
        <translation>{0}: {1} records</translation>
    </message>
    <message>
        <source>记录</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>户主、名称</source>
        <translation>Head, name</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>乡镇</source>
        <translation>Township</translation>
    </message>
    <message>
        <source>行政村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Persons</translation>
    </message>
    <message>
        <source>入户日期</source>
        <translation>Visited on</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>HousingCasePanel</name>
    <message>
        <source>到达该环节的日期</source>
        <translation>Day the stage was reached</translation>
    </message>
    <message>
        <source>抗震达标</source>
        <translation>Seismic standard met</translation>
    </message>
    <message>
        <source>缺件理由</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>如：老屋已倒塌清理，无法拍照</source>
        <translation>e.g. the old house fell</translation>
    </message>
    <message>
        <source>登记</source>
        <translation>Record</translation>
    </message>
    <message>
        <source>不予批准…</source>
        <translation>Refuse…</translation>
    </message>
    <message>
        <source>恢复办理</source>
        <translation>Reopen</translation>
    </message>
    <message>
        <source>下一环节</source>
        <translation>Next stage</translation>
    </message>
    <message>
        <source>日期</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>在左边选一户，在这里登记它到了哪个环节</source>
        <translation>Choose a household on the left, and record here which stage it has reached</translation>
    </message>
    <message>
        <source>已办结</source>
        <translation>All done</translation>
    </message>
    <message>
        <source>危改资格：{0}</source>
        <translation>Housing plan: {0}</translation>
    </message>
    <message>
        <source>补助：{0} 元</source>
        <translation>Subsidy: {0} CNY</translation>
    </message>
    <message>
        <source>公示期满：{0} 起可审核</source>
        <translation>Publicity ends: review from {0}</translation>
    </message>
    <message>
        <source>“{0}”时缺{1}：{2}（{3}）</source>
        <translation>“{0}” without {1}: {2} ({3})</translation>
    </message>
    <message>
        <source>{0} 不予批准：{1}</source>
        <translation>Refused on {0}: {1}</translation>
    </message>
    <message>
        <source>不予批准</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>原因（会告知农户）：</source>
        <translation>Reason (the household is told):</translation>
    </message>
</context>
<context>
    <name>HousingPage</name>
    <message>
        <source>按环节筛选</source>
        <translation>Narrow by stage</translation>
    </message>
    <message>
        <source>危房改造案件</source>
        <translation>Housing cases</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>行政村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>环节</source>
        <translation>Stage</translation>
    </message>
    <message>
        <source>日期</source>
        <translation>Date</translation>
    </message>
    <message>
        <source>补助（元）</source>
        <translation>Subsidy (CNY)</translation>
    </message>
    <message>
        <source>核对</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>还没有危房改造案件。收到的农户里有 C、D 级危房的，自动列在这里。</source>
        <translation>No housing case yet. Households received that live in a house of grade C or D are listed here.</translation>
    </message>
    <message>
        <source>台账</source>
        <translation>Ledger</translation>
    </message>
    <message>
        <source>公示名单</source>
        <translation>Public list</translation>
    </message>
    <message>
        <source>拨付名单</source>
        <translation>Payment list</translation>
    </message>
    <message>
        <source>读回台账…</source>
        <translation>Read a ledger back…</translation>
    </message>
    <message>
        <source>公示天数…</source>
        <translation>Days of publicity…</translation>
    </message>
    <message>
        <source>全部（{0}）</source>
        <translation>All ({0})</translation>
    </message>
    <message>
        <source>不予批准</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>已登记“{0}”</source>
        <translation>“{0}” recorded</translation>
    </message>
    <message>
        <source>已登记不予批准</source>
        <translation>Refusal recorded</translation>
    </message>
    <message>
        <source>已恢复办理</source>
        <translation>Reopened</translation>
    </message>
    <message>
        <source>公示天数</source>
        <translation>Days of publicity</translation>
    </message>
    <message>
        <source>公示满多少天才能审核：</source>
        <translation>Days a list hangs out before review:</translation>
    </message>
    <message>
        <source>公示期改为 {0} 天</source>
        <translation>Publicity now takes {0} days</translation>
    </message>
    <message>
        <source>读回填好的台账</source>
        <translation>Read an edited ledger back</translation>
    </message>
    <message>
        <source>Excel 工作簿 (*.xlsx)</source>
        <translation>Excel workbook (*.xlsx)</translation>
    </message>
    <message>
        <source>已按台账登记 {0} 户</source>
        <translation>{0} households recorded from the ledger</translation>
    </message>
</context>
<context>
    <name>IdCardInput</name>
    <message>
        <source>这一户里还没有这张证件的人：请选一位成员或添加一位，再刷一次</source>
        <translation>Nobody of this household has this card yet: choose a member or add one, then read it again</translation>
    </message>
</context>
<context>
    <name>InboxPage</name>
    <message>
        <source>把数据包或整个U盘拖到这里，或点下面的按钮。导入后回执写回U盘。</source>
        <translation>Drop bundles or a whole stick here, or use the buttons. Receipts go back on the stick.</translation>
    </message>
    <message>
        <source>导入结果</source>
        <translation>What came of it</translation>
    </message>
    <message>
        <source>文件</source>
        <translation>File</translation>
    </message>
    <message>
        <source>结果</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>修订</source>
        <translation>Revisions</translation>
    </message>
    <message>
        <source>照片</source>
        <translation>Photos</translation>
    </message>
    <message>
        <source>户</source>
        <translation>Records</translation>
    </message>
    <message>
        <source>自动合并</source>
        <translation>Merged</translation>
    </message>
    <message>
        <source>待核对</source>
        <translation>To review</translation>
    </message>
    <message>
        <source>说明</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>搁置的数据包</source>
        <translation>Bundles set aside</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>原因</source>
        <translation>Reason</translation>
    </message>
    <message>
        <source>收到的数据包列在这里，每个有几户、几处要核对。</source>
        <translation>Bundles that came in are listed here, with their households and what is to be reviewed.</translation>
    </message>
    <message>
        <source>没有搁置的数据包。</source>
        <translation>No bundle is set aside.</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>选数据包…</source>
        <translation>Choose bundles…</translation>
    </message>
    <message>
        <source>选U盘或文件夹…</source>
        <translation>Choose a stick or folder…</translation>
    </message>
    <message>
        <source>搁置的数据包（原件都留着）</source>
        <translation>Bundles set aside (the files are kept)</translation>
    </message>
    <message>
        <source>另存所选原件…</source>
        <translation>Save the file as it came…</translation>
    </message>
    <message>
        <source>再试所选</source>
        <translation>Try the chosen one again</translation>
    </message>
    <message>
        <source>请先在表里选一个文件</source>
        <translation>First choose a file in the table</translation>
    </message>
    <message>
        <source>另存原件</source>
        <translation>Save the file as it came</translation>
    </message>
    <message>
        <source>已另存：{0}</source>
        <translation>Saved: {0}</translation>
    </message>
    <message>
        <source>选数据包</source>
        <translation>Choose bundles</translation>
    </message>
    <message>
        <source>数据包 (*{0})</source>
        <translation>Bundles (*{0})</translation>
    </message>
    <message>
        <source>选U盘或文件夹</source>
        <translation>Choose a stick or folder</translation>
    </message>
    <message>
        <source>没有找到数据包（*{0}）</source>
        <translation>No bundles found (*{0})</translation>
    </message>
    <message>
        <source>● 已接收</source>
        <translation>● taken in</translation>
    </message>
    <message>
        <source>○ 以前收过</source>
        <translation>○ known already</translation>
    </message>
    <message>
        <source>✗ 搁置</source>
        <translation>✗ set aside</translation>
    </message>
    <message>
        <source>该设备还缺第 {0} 包</source>
        <translation>of this device bundles {0} are missing</translation>
    </message>
    <message>
        <source>导入 {0} 个数据包，搁置 {1} 个</source>
        <translation>{0} bundles imported, {1} set aside</translation>
    </message>
    <message>
        <source>，不读 {0} 个</source>
        <translation>, {0} not read</translation>
    </message>
    <message>
        <source>✗ 不读</source>
        <translation>✗ Not read</translation>
    </message>
    <message>
        <source>… 等待</source>
        <translation>… Waiting</translation>
    </message>
</context>
<context>
    <name>IndicatorsDialog</name>
    <message>
        <source>县级指标</source>
        <translation>County targets</translation>
    </message>
    <message>
        <source>只计入本机的农户；没填到的不计入，计入多少、缺多少见“说明”一栏。全县数以县里为准。</source>
        <translation>Only the households on this laptop; those that lack a fact stay out, and the last column says how many. The county&apos;s own figures count.</translation>
    </message>
    <message>
        <source>县、核对日</source>
        <translation>County, day</translation>
    </message>
    <message>
        <source>本机还没有填了县代码的农户：在表单上面的“⋯”里“选行政区划…”就有了。</source>
        <translation>No household on this laptop has a county&apos;s code yet: “Choose a place…” in the menu “⋯” above the form brings it.</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>ItemTable</name>
    <message>
        <source>还没有，点“添加”</source>
        <translation>None yet; press “Add”</translation>
    </message>
    <message>
        <source>添加</source>
        <translation>Add</translation>
    </message>
    <message>
        <source>删除所选</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>是</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>否</source>
        <translation>No</translation>
    </message>
    <message>
        <source>请另填一个：空着的，或已有的，都分不清是哪一项</source>
        <translation>Please enter another: with nothing, or one that is there already, the items cannot be told apart</translation>
    </message>
    <message>
        <source>删除</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>删除所选的一项？可用 Ctrl+Z 恢复。</source>
        <translation>Remove the chosen item? Ctrl+Z brings it back.</translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message>
        <source>并户</source>
        <translation>Join households</translation>
    </message>
    <message>
        <source>查找并入“{0}”的一户。它的人和这一户没有的情况并进来，已登记的不变；它从列表里去掉，历史都在。</source>
        <translation>Find the household to be taken into “{0}”. Its people, and what this household lacks, come in; what is recorded stays. It leaves the list, its history remains.</translation>
    </message>
    <message>
        <source>查找</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>姓名、拼音首字母、证件号末几位、户编号</source>
        <translation>Name, pinyin initials, end of an id number, household number</translation>
    </message>
    <message>
        <source>农户列表</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>没有找到别的户。</source>
        <translation>No other household was found.</translation>
    </message>
    <message>
        <source>并入</source>
        <translation>Take in</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>密钥</source>
        <translation>Keys</translation>
    </message>
    <message>
        <source>设备二维码</source>
        <translation>Device code</translation>
    </message>
    <message>
        <source>县里登记本机：用手机或摄像头拍下二维码，或导出文件交去；再在电话里逐词核对，一词不同就不要登记。</source>
        <translation>To have this laptop enrolled, let the county photograph the code or hand in the exported file; then compare word by word over the telephone, and do not enrol where one differs.</translation>
    </message>
    <message>
        <source>更换本机密钥…</source>
        <translation>Change this laptop&apos;s keys…</translation>
    </message>
    <message>
        <source>导出设备公钥…</source>
        <translation>Export the device key…</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>本机：{0}</source>
        <translation>This laptop: {0}</translation>
    </message>
    <message>
        <source>还没有导入县公钥</source>
        <translation>No county key was read in yet</translation>
    </message>
    <message>
        <source>县</source>
        <translation>County</translation>
    </message>
    <message>
        <source>设备公钥</source>
        <translation>Device key</translation>
    </message>
    <message>
        <source>设备公钥 (*.json)</source>
        <translation>Device key (*.json)</translation>
    </message>
    <message>
        <source>已写到 {0}，请交给县里登记。</source>
        <translation>Written to {0}; hand it to the county to be enrolled.</translation>
    </message>
    <message>
        <source>更换本机密钥</source>
        <translation>Change this laptop&apos;s keys</translation>
    </message>
    <message>
        <source>以后的数据包和明白卡用新密钥签名，旧密钥作担保，以前的照样有效。更换吗？</source>
        <translation>Bundles and slips are signed with a new key from now on, which the old one vouches for; earlier ones stay valid. Change the keys?</translation>
    </message>
    <message>
        <source>更换</source>
        <translation>Change</translation>
    </message>
    <message>
        <source>密钥已更换，随下一个数据包告诉县里。</source>
        <translation>The keys are changed; the next bundle tells the county.</translation>
    </message>
</context>
<context>
    <name>LicencesDialog</name>
    <message>
        <source>开源许可</source>
        <translation>Open-source licences</translation>
    </message>
    <message>
        <source>找名称或许可：Qt、LGPL……</source>
        <translation>Find a name or licence: Qt, LGPL …</translation>
    </message>
    <message>
        <source>找名称或许可</source>
        <translation>Find a name or licence</translation>
    </message>
    <message>
        <source>组成部分</source>
        <translation>Parts</translation>
    </message>
    <message>
        <source>名称</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>版本</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>许可</source>
        <translation>Licence</translation>
    </message>
    <message>
        <source>许可全文</source>
        <translation>Licence text</translation>
    </message>
    <message>
        <source>正在列出…</source>
        <translation>Listing …</translation>
    </message>
    <message>
        <source>入户按 MIT 许可发布。下列部分由他人制作，随程序一起分发，各按自己的许可；Qt、PySide6 和 psycopg 按 LGPL 使用，是单独的文件，可以自行替换。</source>
        <translation>Ruhu is published under the MIT licence. The parts below were made by others and travel with it, each under its own licence; Qt, PySide6 and psycopg are used under the LGPL, as files of their own that you may exchange.</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>见全文</source>
        <translation>see text</translation>
    </message>
    <message>
        <source>{0} 项</source>
        <translation>{0} parts</translation>
    </message>
</context>
<context>
    <name>LostPassphraseDialog</name>
    <message>
        <source>忘记口令</source>
        <translation>Lost passphrase</translation>
    </message>
    <message>
        <source>保存请求文件…</source>
        <translation>Save the request…</translation>
    </message>
    <message>
        <source>县里的答复</source>
        <translation>The county&apos;s answer</translation>
    </message>
    <message>
        <source>答复 (*.age)</source>
        <translation>Answer (*.age)</translation>
    </message>
    <message>
        <source>新口令</source>
        <translation>New passphrase</translation>
    </message>
    <message>
        <source>再输一遍新口令</source>
        <translation>The new passphrase again</translation>
    </message>
    <message>
        <source>设新口令</source>
        <translation>Set the new passphrase</translation>
    </message>
    <message>
        <source>新口令（至少{0}个字符）</source>
        <translation>New passphrase (at least {0} characters)</translation>
    </message>
    <message>
        <source>再输一遍</source>
        <translation>Again</translation>
    </message>
    <message>
        <source>数据没有丢，县里的恢复密钥能打开。保存请求文件交给县里，再打电话把下面的词念给县里核对。</source>
        <translation>Nothing is lost: the county&apos;s recovery key opens the data. Save the request, hand it to the county, and read it the words below over the telephone.</translation>
    </message>
    <message>
        <source>拿到县里的答复文件以后，在这里设新口令；找回会记录下来。</source>
        <translation>With the county&apos;s answer, set a new passphrase here; that it was recovered is recorded.</translation>
    </message>
    <message>
        <source>一、请县里开锁</source>
        <translation>1. Ask the county</translation>
    </message>
    <message>
        <source>二、设新口令</source>
        <translation>2. Set a new passphrase</translation>
    </message>
    <message>
        <source>保存请求文件</source>
        <translation>Save the request</translation>
    </message>
    <message>
        <source>请求 (*.json)</source>
        <translation>Request (*.json)</translation>
    </message>
    <message>
        <source>请先选县里的答复文件</source>
        <translation>First choose the county&apos;s answer</translation>
    </message>
    <message>
        <source>两遍口令不一样，请再输</source>
        <translation>The passphrases differ; type them again</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>入户</source>
        <translation>Ruhu</translation>
    </message>
    <message>
        <source>未填调查员</source>
        <translation>No surveyor named</translation>
    </message>
    <message>
        <source>撤销</source>
        <translation>Undo</translation>
    </message>
    <message>
        <source>重做</source>
        <translation>Redo</translation>
    </message>
    <message>
        <source>锁定</source>
        <translation>Lock</translation>
    </message>
    <message>
        <source>已去掉这里新建的</source>
        <translation>The new record was taken away</translation>
    </message>
    <message>
        <source>已保存 {0}</source>
        <translation>Saved {0}</translation>
    </message>
    <message>
        <source>待上报 {0} 条</source>
        <translation>{0} to send</translation>
    </message>
</context>
<context>
    <name>OperationContext</name>
    <message>
        <source>请注意</source>
        <translation>Please note</translation>
    </message>
    <message>
        <source>知道了</source>
        <translation>OK</translation>
    </message>
</context>
<context>
    <name>PaperFacts</name>
    <message>
        <source>照片内容</source>
        <translation>What it shows</translation>
    </message>
</context>
<context>
    <name>PapersPanel</name>
    <message>
        <source>照片和证件</source>
        <translation>Photos and papers</translation>
    </message>
    <message>
        <source>还没有照片。
把照片文件拖到这里，或点上面的按钮。</source>
        <translation>No photos yet.
Drop picture files here, or use the buttons above.</translation>
    </message>
    <message>
        <source>添加文件…</source>
        <translation>Add files…</translation>
    </message>
    <message>
        <source>添加文件夹…</source>
        <translation>Add a folder…</translation>
    </message>
    <message>
        <source>粘贴</source>
        <translation>Paste</translation>
    </message>
    <message>
        <source>看大图</source>
        <translation>Look at it</translation>
    </message>
    <message>
        <source>删除所选</source>
        <translation>Remove</translation>
    </message>
    <message>
        <source>删除所选照片</source>
        <translation>Remove the chosen photo</translation>
    </message>
    <message>
        <source>还缺照片：{0}</source>
        <translation>Photos still wanted: {0}</translation>
    </message>
    <message>
        <source>选择照片</source>
        <translation>Choose photos</translation>
    </message>
    <message>
        <source>照片 ({0})</source>
        <translation>Photos ({0})</translation>
    </message>
    <message>
        <source>选择照片文件夹</source>
        <translation>Choose a folder of photos</translation>
    </message>
    <message>
        <source>剪贴板</source>
        <translation>Clipboard</translation>
    </message>
    <message>
        <source>剪贴板里没有照片</source>
        <translation>There is no photo in the clipboard</translation>
    </message>
    <message>
        <source>已删除照片，可用 Ctrl+Z 恢复</source>
        <translation>Photo removed; Ctrl+Z brings it back</translation>
    </message>
    <message>
        <source>这张照片不在这台电脑上</source>
        <translation>This photo is not on this computer</translation>
    </message>
    <message>
        <source>拍照…</source>
        <translation>Camera…</translation>
    </message>
    <message>
        <source>这台电脑用不了摄像头：{0}</source>
        <translation>The camera cannot be used on this computer: {0}</translation>
    </message>
    <message>
        <source>没有找到摄像头</source>
        <translation>No camera was found</translation>
    </message>
    <message>
        <source>摄像头</source>
        <translation>Camera</translation>
    </message>
</context>
<context>
    <name>PathField</name>
    <message>
        <source>选…</source>
        <translation>Choose…</translation>
    </message>
</context>
<context>
    <name>PlanPage</name>
    <message>
        <source>年度</source>
        <translation>Year</translation>
    </message>
    <message>
        <source>指标（户）</source>
        <translation>Quota (households)</translation>
    </message>
    <message>
        <source>编制草案</source>
        <translation>Draw up draft</translation>
    </message>
    <message>
        <source>定稿…</source>
        <translation>Make final…</translation>
    </message>
    <message>
        <source>年度计划</source>
        <translation>Year&apos;s plan</translation>
    </message>
    <message>
        <source>次序</source>
        <translation>Rank</translation>
    </message>
    <message>
        <source>纳入</source>
        <translation>In</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>行政村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Number</translation>
    </message>
    <message>
        <source>优先级</source>
        <translation>Priority</translation>
    </message>
    <message>
        <source>识别分数</source>
        <translation>Score</translation>
    </message>
    <message>
        <source>申请（入户）日期</source>
        <translation>Applied (visited) on</translation>
    </message>
    <message>
        <source>补助（元）</source>
        <translation>Subsidy (CNY)</translation>
    </message>
    <message>
        <source>人工调整</source>
        <translation>Changed by hand</translation>
    </message>
    <message>
        <source>指定纳入…</source>
        <translation>Put in…</translation>
    </message>
    <message>
        <source>指定不纳入…</source>
        <translation>Put out…</translation>
    </message>
    <message>
        <source>按次序</source>
        <translation>By the order</translation>
    </message>
    <message>
        <source>计划</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>{0}年还没有计划：填好指标，点“编制草案”。</source>
        <translation>There is no plan for {0} yet: fill in the quota and draw up a draft.</translation>
    </message>
    <message>
        <source>已于 {0} 定稿</source>
        <translation>Final since {0}</translation>
    </message>
    <message>
        <source>草案</source>
        <translation>Draft</translation>
    </message>
    <message>
        <source>{0}：候选 {1} 户，纳入 {2} 户（指标 {3}），补助合计 {4:,.2f} 元</source>
        <translation>{0}: {1} candidates, {2} in (quota {3}), subsidies {4:,.2f} CNY</translation>
    </message>
    <message>
        <source>不纳入</source>
        <translation>Out</translation>
    </message>
    <message>
        <source>● 纳入</source>
        <translation>● In</translation>
    </message>
    <message>
        <source>草案已编制</source>
        <translation>Draft drawn up</translation>
    </message>
    <message>
        <source>调整计划</source>
        <translation>Change the plan</translation>
    </message>
    <message>
        <source>理由：</source>
        <translation>Reason:</translation>
    </message>
    <message>
        <source>草案已调整</source>
        <translation>Draft changed</translation>
    </message>
    <message>
        <source>计划定稿</source>
        <translation>Make the plan final</translation>
    </message>
    <message>
        <source>{0}年计划定稿后不能再改。定稿吗？</source>
        <translation>Once final, the plan of {0} cannot be changed. Make it final?</translation>
    </message>
    <message>
        <source>定稿</source>
        <translation>Make final</translation>
    </message>
    <message>
        <source>计划已定稿</source>
        <translation>The plan is final</translation>
    </message>
</context>
<context>
    <name>PolicyDialog</name>
    <message>
        <source>政策条款</source>
        <translation>Clauses of the policy</translation>
    </message>
    <message>
        <source>找条款：补助、面积、保险……</source>
        <translation>Find a clause: subsidy, area, insurance …</translation>
    </message>
    <message>
        <source>找条款</source>
        <translation>Find a clause</translation>
    </message>
    <message>
        <source>条款</source>
        <translation>Clauses</translation>
    </message>
    <message>
        <source>条款内容</source>
        <translation>The clause</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
</context>
<context>
    <name>PrintPreview</name>
    <message>
        <source>打印预览：{0}</source>
        <translation>Print preview: {0}</translation>
    </message>
    <message>
        <source>页</source>
        <translation>Page</translation>
    </message>
    <message>
        <source> / {0} 页</source>
        <translation> of {0}</translation>
    </message>
    <message>
        <source>上一页</source>
        <translation>Back</translation>
    </message>
    <message>
        <source>下一页</source>
        <translation>Next</translation>
    </message>
    <message>
        <source>大小</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>适合宽度</source>
        <translation>Fit the width</translation>
    </message>
    <message>
        <source>整页</source>
        <translation>Whole page</translation>
    </message>
    <message>
        <source>打印…</source>
        <translation>Print…</translation>
    </message>
    <message>
        <source>存为 PDF…</source>
        <translation>Save as PDF…</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>页面</source>
        <translation>The page</translation>
    </message>
    <message>
        <source>没有字形：{0}。打出来留空，请用笔补上。</source>
        <translation>No font has: {0}. A blank is left on paper; write it in by hand.</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>打印机</source>
        <translation>printer</translation>
    </message>
    <message>
        <source>存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>{0} 页：{1}</source>
        <translation>{0} pages: {1}</translation>
    </message>
    <message>
        <source>已停止</source>
        <translation>Stopped</translation>
    </message>
</context>
<context>
    <name>ProposalsPanel</name>
    <message>
        <source>核对须由第二人复核</source>
        <translation>A second person has to confirm</translation>
    </message>
    <message>
        <source>待复核</source>
        <translation>To be confirmed</translation>
    </message>
    <message>
        <source>谁核对的</source>
        <translation>Settled by</translation>
    </message>
    <message>
        <source>时间</source>
        <translation>Time</translation>
    </message>
    <message>
        <source>怎么处理</source>
        <translation>What is to be done</translation>
    </message>
    <message>
        <source>不通过</source>
        <translation>Reject</translation>
    </message>
    <message>
        <source>复核通过</source>
        <translation>Confirm</translation>
    </message>
    <message>
        <source>没有待第二人复核的</source>
        <translation>Nothing waits for a second person</translation>
    </message>
    <message>
        <source>并户：{0} 并入 {1}</source>
        <translation>Join: {0} goes into {1}</translation>
    </message>
    <message>
        <source>移出：{1}，从 {0}</source>
        <translation>Take out: {1}, from {0}</translation>
    </message>
    <message>
        <source>（有改动）</source>
        <translation>(changed)</translation>
    </message>
    <message>
        <source>已复核，记入历史</source>
        <translation>Confirmed; it is part of the history</translation>
    </message>
    <message>
        <source>已退回重新核对</source>
        <translation>To be settled anew</translation>
    </message>
</context>
<context>
    <name>RecordActions</name>
    <message>
        <source>选行政区划…</source>
        <translation>Choose a place…</translation>
    </message>
    <message>
        <source>分户…</source>
        <translation>Split the household…</translation>
    </message>
    <message>
        <source>并户…</source>
        <translation>Join with another…</translation>
    </message>
    <message>
        <source>修改历史…</source>
        <translation>History…</translation>
    </message>
    <message>
        <source>放弃这次入户…</source>
        <translation>Give up this visit…</translation>
    </message>
    <message>
        <source>上次完成入户以后没有改动，不用再完成</source>
        <translation>Nothing was changed since the visit was closed; it is closed already</translation>
    </message>
    <message>
        <source>已完成入户，记录已入库</source>
        <translation>Visit closed, record kept</translation>
    </message>
    <message>
        <source>已签字封存并完成入户</source>
        <translation>Signed, sealed, and the visit is closed</translation>
    </message>
    <message>
        <source>已分户，这是新的一户</source>
        <translation>Split; this is the new household</translation>
    </message>
    <message>
        <source>已并户</source>
        <translation>Joined</translation>
    </message>
    <message>
        <source>已并户，有 {0} 处两户不同</source>
        <translation>Joined; the two households differ in {0} facts</translation>
    </message>
    <message>
        <source>放弃这次入户？上次完成入户以后填的都不要了；新建以后还没有完成过入户的，整户去掉。不能恢复。</source>
        <translation>Give up this visit? What was filled in since the last visit was closed goes; a new record whose visit was never closed goes as a whole. This cannot be undone.</translation>
    </message>
    <message>
        <source>放弃这次入户</source>
        <translation>Give up this visit</translation>
    </message>
    <message>
        <source>放弃</source>
        <translation>Give up</translation>
    </message>
</context>
<context>
    <name>RecoveryDialog</name>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>电话里核对：{0}</source>
        <translation>Compare over the telephone: {0}</translation>
    </message>
</context>
<context>
    <name>RegisterPage</name>
    <message>
        <source>查找</source>
        <translation>Search</translation>
    </message>
    <message>
        <source>姓名、证件号或户编号</source>
        <translation>Name, id number or household number</translation>
    </message>
    <message>
        <source>农户</source>
        <translation>Households</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Household no.</translation>
    </message>
    <message>
        <source>村</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Persons</translation>
    </message>
    <message>
        <source>退回</source>
        <translation>Sent back</translation>
    </message>
    <message>
        <source>不能核对的原因</source>
        <translation>Why it cannot be judged</translation>
    </message>
    <message>
        <source>没有农户：先在“收件箱”收数据包，或换几个字再查。</source>
        <translation>No households: take bundles in on the page “Inbox”, or try other words.</translation>
    </message>
    <message>
        <source>只看内容有错、规则不能核对的记录</source>
        <translation>Only records whose content is wrong, which the rules cannot judge</translation>
    </message>
    <message>
        <source>导出台账（Excel）…</source>
        <translation>Export the register (Excel)…</translation>
    </message>
    <message>
        <source>退回给调查员…</source>
        <translation>Send back…</translation>
    </message>
    <message>
        <source>请先在表里选一户</source>
        <translation>First choose a household in the table</translation>
    </message>
    <message>
        <source>已退回，随下次答复到调查员的电脑</source>
        <translation>Sent back; it reaches the surveyor with the next answer</translation>
    </message>
    <message>
        <source>农户 {0} 户，其他记录 {1} 条；数据包 {2} 个；设备 {3} 台；待核对 {4} 户</source>
        <translation>{0} households, {1} other records; {2} bundles; {3} devices; {4} to review</translation>
    </message>
    <message>
        <source>{0}；内容有错 {1} 条</source>
        <translation>{0}; with wrong content {1}</translation>
    </message>
    <message>
        <source>导出台账（不加密，请妥善保管）</source>
        <translation>Export the register (not encrypted; keep it safe)</translation>
    </message>
    <message>
        <source>Excel 台账 (*.xlsx)</source>
        <translation>Excel register (*.xlsx)</translation>
    </message>
    <message>
        <source>已导出 {0} 人：{1}（未加密）</source>
        <translation>{0} persons exported: {1} (not encrypted)</translation>
    </message>
</context>
<context>
    <name>RestoreDialog</name>
    <message>
        <source>从备份恢复</source>
        <translation>Restore from a backup</translation>
    </message>
    <message>
        <source>恢复</source>
        <translation>Restore</translation>
    </message>
    <message>
        <source>备份所在的U盘或文件夹</source>
        <translation>Stick or folder with the backup</translation>
    </message>
    <message>
        <source>备份时的口令</source>
        <translation>Passphrase of that time</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>备份以后填的、又没有上报的，恢复不了；已经上报的，县里会发回来。这台电脑上现有的数据不删除，留在数据文件夹里。恢复以后，原来那台电脑不要再用同一份数据。</source>
        <translation>What was typed after the backup and not sent is lost; what was sent comes back from the county. Nothing on this computer is deleted: its data is kept in the data folder. Do not go on with the same data on the old computer.</translation>
    </message>
    <message>
        <source>请先选备份所在的U盘或文件夹</source>
        <translation>First choose the stick or folder with the backup</translation>
    </message>
</context>
<context>
    <name>ReturnDialog</name>
    <message>
        <source>退回给调查员</source>
        <translation>Send back to the surveyor</translation>
    </message>
    <message>
        <source>要核实什么</source>
        <translation>What to look at</translation>
    </message>
    <message>
        <source>在哪一项</source>
        <translation>At which field</translation>
    </message>
    <message>
        <source>整户</source>
        <translation>Whole household</translation>
    </message>
    <message>
        <source>整条记录</source>
        <translation>The whole record</translation>
    </message>
    <message>
        <source>退回</source>
        <translation>Send back</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>RevokeDialog</name>
    <message>
        <source>注销设备</source>
        <translation>Revoke a device</translation>
    </message>
    <message>
        <source>注销 {0} 的设备。从选定的那天起，它的数据包和明白卡都不再认；那天以前收到的、以及链上能证明更早的仍然算数。</source>
        <translation>Revoke {0}&apos;s laptop. From the chosen day on its bundles and slips count no more; what had come before, and what its chain shows to be older, still counts.</translation>
    </message>
    <message>
        <source>从哪天起</source>
        <translation>From which day</translation>
    </message>
    <message>
        <source>注销</source>
        <translation>Revoke</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>Roster</name>
    <message>
        <source>选择名册</source>
        <translation>Choose a roster</translation>
    </message>
    <message>
        <source>Excel 名册 (*.xlsx *.xlsm *.xls)</source>
        <translation>Excel rosters (*.xlsx *.xlsm *.xls)</translation>
    </message>
    <message>
        <source>正在读取 {0} …</source>
        <translation>Reading {0} …</translation>
    </message>
    <message>
        <source>已导入名册：{0}</source>
        <translation>Roster imported: {0}</translation>
    </message>
    <message>
        <source>没有导入名册</source>
        <translation>No roster was imported</translation>
    </message>
</context>
<context>
    <name>RosterDialog</name>
    <message>
        <source>导入名册</source>
        <translation>Import a roster</translation>
    </message>
    <message>
        <source>{0}：读到 {1} 户 {2} 人</source>
        <translation>{0}: {1} households, {2} persons read</translation>
    </message>
    <message>
        <source>位置</source>
        <translation>Place</translation>
    </message>
    <message>
        <source>列</source>
        <translation>Column</translation>
    </message>
    <message>
        <source>读到</source>
        <translation>Read</translation>
    </message>
    <message>
        <source>怎么处理</source>
        <translation>What was done</translation>
    </message>
    <message>
        <source>名册预览</source>
        <translation>Preview of the roster</translation>
    </message>
    <message>
        <source>也在别的户 {0} 人</source>
        <translation>In another household: {0}</translation>
    </message>
    <message>
        <source>谁，在哪一户</source>
        <translation>Who, in which household</translation>
    </message>
    <message>
        <source>与已登记的不同 {0} 处</source>
        <translation>Recorded differently: {0}</translation>
    </message>
    <message>
        <source>哪一项</source>
        <translation>Which fact</translation>
    </message>
    <message>
        <source>导入</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>新增</source>
        <translation>New</translation>
    </message>
    <message>
        <source>补充</source>
        <translation>Completed</translation>
    </message>
    <message>
        <source>户编号</source>
        <translation>Household no.</translation>
    </message>
    <message>
        <source>户主</source>
        <translation>Head</translation>
    </message>
    <message>
        <source>人口</source>
        <translation>Persons</translation>
    </message>
    <message>
        <source>村组</source>
        <translation>Village</translation>
    </message>
    <message>
        <source>要导入的户 {0}</source>
        <translation>Households: {0}</translation>
    </message>
    <message>
        <source>存疑 {0} 处（原文都保留，未猜填）</source>
        <translation>Doubtful: {0} (all kept as read, nothing guessed)</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>清空</source>
        <translation>Clear</translation>
    </message>
</context>
<context>
    <name>SearchableTable</name>
    <message>
        <source>查找：{0}</source>
        <translation>Search: {0}</translation>
    </message>
    <message>
        <source>在表中查找</source>
        <translation>Search the table</translation>
    </message>
    <message>
        <source>没有找到，换几个字再查。</source>
        <translation>Nothing found; try other words.</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>设置</source>
        <translation>Settings</translation>
    </message>
    <message>
        <source>语言</source>
        <translation>Language</translation>
    </message>
    <message>
        <source>字号</source>
        <translation>Text size</translation>
    </message>
    <message>
        <source>浅色</source>
        <translation>Light</translation>
    </message>
    <message>
        <source>深色</source>
        <translation>Dark</translation>
    </message>
    <message>
        <source>外观</source>
        <translation>Theme</translation>
    </message>
    <message>
        <source>{0} 分钟</source>
        <translation>{0} minutes</translation>
    </message>
    <message>
        <source>不自动锁定</source>
        <translation>Never</translation>
    </message>
    <message>
        <source>无人操作自动锁定</source>
        <translation>Lock when idle for</translation>
    </message>
    <message>
        <source>调查员姓名</source>
        <translation>Surveyor&apos;s name</translation>
    </message>
    <message>
        <source>还没有导入</source>
        <translation>none yet</translation>
    </message>
    <message>
        <source>县公钥</source>
        <translation>County key</translation>
    </message>
    <message>
        <source>导入县公钥…</source>
        <translation>Read county key…</translation>
    </message>
    <message>
        <source>导出本机设备公钥…</source>
        <translation>Save this device&apos;s key…</translation>
    </message>
    <message>
        <source>县标准</source>
        <translation>Standards</translation>
    </message>
    <message>
        <source>导入县标准…</source>
        <translation>Read standards…</translation>
    </message>
    <message>
        <source>确定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>县公钥文件</source>
        <translation>County key file</translation>
    </message>
    <message>
        <source>县公钥 (*.json)</source>
        <translation>County key (*.json)</translation>
    </message>
    <message>
        <source>县公钥变了</source>
        <translation>The county&apos;s keys have changed</translation>
    </message>
    <message>
        <source>与县里逐词核对过，一样吗？</source>
        <translation>Have you compared every word with the county, and are they the same?</translation>
    </message>
    <message>
        <source>一样</source>
        <translation>They are the same</translation>
    </message>
    <message>
        <source>设备公钥</source>
        <translation>Device key</translation>
    </message>
    <message>
        <source>设备公钥 (*.json)</source>
        <translation>Device key (*.json)</translation>
    </message>
    <message>
        <source>已写到 {0}，请交给县里登记。</source>
        <translation>Written to {0}; hand it to the county to be enrolled.</translation>
    </message>
    <message>
        <source>县标准文件</source>
        <translation>Standards file</translation>
    </message>
    <message>
        <source>县标准 (*.toml *.json)</source>
        <translation>County standards (*.toml *.json)</translation>
    </message>
</context>
<context>
    <name>SignaturePad</name>
    <message>
        <source>签字处</source>
        <translation>Signature</translation>
    </message>
</context>
<context>
    <name>SigningDialog</name>
    <message>
        <source>户主签字</source>
        <translation>Householder&apos;s signature</translation>
    </message>
    <message>
        <source>{0}：本户情况和核对结果已经当面说明，内容属实。</source>
        <translation>{0}: the household&apos;s facts and the answers were explained, and are true.</translation>
    </message>
    <message>
        <source>签字人</source>
        <translation>Signed by</translation>
    </message>
    <message>
        <source>重签</source>
        <translation>Begin again</translation>
    </message>
    <message>
        <source>签字并完成入户</source>
        <translation>Sign and close the visit</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>SlipDialog</name>
    <message>
        <source>明白卡</source>
        <translation>Slip</translation>
    </message>
    <message>
        <source>给谁</source>
        <translation>For</translation>
    </message>
    <message>
        <source>打开的这一户</source>
        <translation>The open household</translation>
    </message>
    <message>
        <source>左边列出的 {0} 户</source>
        <translation>The {0} households listed</translation>
    </message>
    <message>
        <source>纸张</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>文字</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>打印…</source>
        <translation>Print…</translation>
    </message>
    <message>
        <source>存为 PDF…</source>
        <translation>Save as PDF…</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>打印预览</source>
        <translation>Print preview</translation>
    </message>
    <message>
        <source>按左边的次序，一户接一户；没有入户日期的不打。</source>
        <translation>One after the other as listed on the left; those without a survey date are left out.</translation>
    </message>
    <message>
        <source>{0}&#x3000;{1}&#x3000;打过 {2} 次</source>
        <translation>{0}  {1}  printed {2} times</translation>
    </message>
    <message>
        <source>发过的：</source>
        <translation>Issued before:</translation>
    </message>
    <message>
        <source>“{0}”用字体 {1} 打印。</source>
        <translation>“{0}” is printed in the font {1}.</translation>
    </message>
    <message>
        <source>没有字形：{0}。打出来留空，请用笔补上。</source>
        <translation>No font has: {0}. A blank is left on paper; write it in by hand.</translation>
    </message>
    <message>
        <source>打印机</source>
        <translation>printer</translation>
    </message>
    <message>
        <source>存为 PDF</source>
        <translation>Save as PDF</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>补打 {0}，{1} 页：{2}</source>
        <translation>Reprinted {0}, {1} pages: {2}</translation>
    </message>
    <message>
        <source>{0}，{1} 页：{2}</source>
        <translation>{0}, {1} pages: {2}</translation>
    </message>
    <message>
        <source>{0} 张明白卡，{1} 页：{2}</source>
        <translation>{0} slips, {1} pages: {2}</translation>
    </message>
    <message>
        <source>；没有入户日期的 {0} 户未打</source>
        <translation>; {0} households without a survey date left out</translation>
    </message>
    <message>
        <source>；没有字形、打出来留空的请用笔补上：{0}</source>
        <translation>; no font has these, write them in by hand: {0}</translation>
    </message>
    <message>
        <source>已停止，什么也没有打</source>
        <translation>Stopped; nothing was printed</translation>
    </message>
    <message>
        <source>这一户还没有入户日期：先填上，再看明白卡。</source>
        <translation>This household has no day of visit yet: enter it, then there is a slip.</translation>
    </message>
</context>
<context>
    <name>Slips</name>
    <message>
        <source>请先在左侧选一户</source>
        <translation>First choose a household on the left</translation>
    </message>
</context>
<context>
    <name>SplitDialog</name>
    <message>
        <source>分户</source>
        <translation>Split</translation>
    </message>
    <message>
        <source>勾选分出去的人。他们成为新的一户，住址相同；与户主关系要重新填。两户都留有历史。</source>
        <translation>Tick those who move. They become a household of their own at the same place; relationships are asked anew. Both keep their history.</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>StandardsForm</name>
    <message>
        <source>有截止日期</source>
        <translation>Ends on</translation>
    </message>
    <message>
        <source>生效日期</source>
        <translation>In force from</translation>
    </message>
    <message>
        <source>截止日期</source>
        <translation>Last day</translation>
    </message>
    <message>
        <source>大病保险分段：起付线以上到多少元（最后一段不填）、报销比例</source>
        <translation>Tiers of major illness: up to how much over the deductible in CNY (none for the last), and the rate</translation>
    </message>
    <message>
        <source>未定</source>
        <translation>Not set</translation>
    </message>
    <message>
        <source>是</source>
        <translation>Yes</translation>
    </message>
    <message>
        <source>否</source>
        <translation>No</translation>
    </message>
    <message>
        <source>第{0}段到（元）</source>
        <translation>Tier {0} up to (CNY)</translation>
    </message>
    <message>
        <source>第{0}段比例</source>
        <translation>Rate of tier {0}</translation>
    </message>
    <message>
        <source>第{0}段</source>
        <translation>Tier {0}</translation>
    </message>
</context>
<context>
    <name>StandardsPage</name>
    <message>
        <source>已发布的标准</source>
        <translation>Published standards</translation>
    </message>
    <message>
        <source>改好后先“试算影响”，看清楚谁多谁少，再发布。</source>
        <translation>When you have changed figures, first work out the effect: who gains, who loses. Then publish.</translation>
    </message>
    <message>
        <source>试算影响</source>
        <translation>Work out the effect</translation>
    </message>
    <message>
        <source>待遇</source>
        <translation>Entitlement</translation>
    </message>
    <message>
        <source>原合计（元）</source>
        <translation>Before (CNY)</translation>
    </message>
    <message>
        <source>新合计（元）</source>
        <translation>After (CNY)</translation>
    </message>
    <message>
        <source>增加</source>
        <translation>Gain</translation>
    </message>
    <message>
        <source>减少</source>
        <translation>Lose</translation>
    </message>
    <message>
        <source>新确定</source>
        <translation>Newly known</translation>
    </message>
    <message>
        <source>合计的变化</source>
        <translation>Change of the sums</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>已核对 {0} 条</source>
        <translation>{0} records assessed</translation>
    </message>
    <message>
        <source>签名并发布…</source>
        <translation>Sign and publish…</translation>
    </message>
    <message>
        <source>读入文件…</source>
        <translation>Read a file…</translation>
    </message>
    <message>
        <source>存签名文件…</source>
        <translation>Save signed file…</translation>
    </message>
    <message>
        <source>已发布（点开可作为新标准的底稿）</source>
        <translation>Published (choose one to start from)</translation>
    </message>
    <message>
        <source>至 {0}</source>
        <translation>to {0}</translation>
    </message>
    <message>
        <source>{0} 起 {1}</source>
        <translation>from {0} {1}</translation>
    </message>
    <message>
        <source>读入标准文件</source>
        <translation>Read a standards file</translation>
    </message>
    <message>
        <source>标准 (*.toml *.json)</source>
        <translation>Standards (*.toml *.json)</translation>
    </message>
    <message>
        <source>{0}：打不开</source>
        <translation>{0}: cannot be opened</translation>
    </message>
    <message>
        <source>已停止，什么都没有改</source>
        <translation>Stopped; nothing was changed</translation>
    </message>
    <message>
        <source>共 {0} 条记录：{1} 户增加，{2} 户减少，{3} 项待遇有变化。</source>
        <translation>{0} records: {1} households gain, {2} lose; entitlements that change: {3}.</translation>
    </message>
    <message>
        <source>元</source>
        <translation>CNY</translation>
    </message>
    <message>
        <source>发布标准</source>
        <translation>Publish standards</translation>
    </message>
    <message>
        <source>发布自 {0} 起的标准？将用县签名钥签名，全部记录重新核对，随答复发给各台电脑。</source>
        <translation>Publish the standards from {0} on? They are signed with the county&apos;s key, all records are assessed again, and the laptops get them with their answers.</translation>
    </message>
    <message>
        <source>发布</source>
        <translation>Publish</translation>
    </message>
    <message>
        <source>已发布，全部记录已重新核对</source>
        <translation>Published; all records were assessed again</translation>
    </message>
    <message>
        <source>存签名文件</source>
        <translation>Save signed file</translation>
    </message>
    <message>
        <source>签名的标准 (*.json)</source>
        <translation>Signed standards (*.json)</translation>
    </message>
    <message>
        <source>已保存：{0}</source>
        <translation>Saved: {0}</translation>
    </message>
</context>
<context>
    <name>SurveyorApp</name>
    <message>
        <source>入户</source>
        <translation>Ruhu</translation>
    </message>
    <message>
        <source>请输入口令打开本机的调查数据。</source>
        <translation>Type your passphrase to open this laptop&apos;s survey data.</translation>
    </message>
    <message>
        <source>新口令已设好，请用它进入。</source>
        <translation>The new passphrase holds; go in with it.</translation>
    </message>
    <message>
        <source>新版本 {0} 没有启动成功，已自动回到 {1}，数据没有动。</source>
        <translation> The new version {0} did not start; {1} is back by itself, and the data is untouched.</translation>
    </message>
</context>
<context>
    <name>SyncDialog</name>
    <message>
        <source>数据包</source>
        <translation>Bundles</translation>
    </message>
    <message>
        <source>第几包</source>
        <translation>No.</translation>
    </message>
    <message>
        <source>生成时间</source>
        <translation>Made at</translation>
    </message>
    <message>
        <source>大小</source>
        <translation>Size</translation>
    </message>
    <message>
        <source>状态</source>
        <translation>State</translation>
    </message>
    <message>
        <source>还没有打过包：入户以后点“写到U盘或文件夹…”。</source>
        <translation>Nothing was bundled yet: after a visit press “Write to a stick or folder…”.</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>停止</source>
        <translation>Stop</translation>
    </message>
    <message>
        <source>写到U盘或文件夹…</source>
        <translation>Write to a stick or folder…</translation>
    </message>
    <message>
        <source>读U盘上的回执和答复…</source>
        <translation>Read receipts and answers from a stick…</translation>
    </message>
    <message>
        <source>上传到县服务器</source>
        <translation>Send to the county&apos;s server</translation>
    </message>
    <message>
        <source>备份…</source>
        <translation>Back up…</translation>
    </message>
    <message>
        <source>把本机的全部数据（包括没完成的入户和照片）加密拷一份到U盘，电脑坏了可以恢复</source>
        <translation>Copy everything, open visits and photos too, encrypted to a stick, to go on with should this computer break</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>还没打包：修订 {0} 条，照片 {1} 张</source>
        <translation>Not bundled yet: {0} revisions, {1} photos</translation>
    </message>
    <message>
        <source>县服务器：{0}</source>
        <translation>The county&apos;s server: {0}</translation>
    </message>
    <message>
        <source>还没有县公钥：请先在设置里导入 county.json</source>
        <translation>There is no county key yet: read in county.json in the settings</translation>
    </message>
    <message>
        <source>县里没有给服务器地址，用U盘送</source>
        <translation>Your county has named no server; use a stick</translation>
    </message>
    <message>
        <source>{0}：{1}</source>
        <translation>{0}: {1}</translation>
    </message>
    <message>
        <source>数据包写到哪里</source>
        <translation>Where to write the bundles</translation>
    </message>
    <message>
        <source>数据包 {0} 个在 {1}，新修订 {2} 条，新照片 {3} 张</source>
        <translation>{0} bundles in {1}, {2} new revisions, {3} new photos</translation>
    </message>
    <message>
        <source>；县里新确认 {0} 个</source>
        <translation>; {0} newly confirmed by the county</translation>
    </message>
    <message>
        <source>；县里更新了 {0} 户</source>
        <translation>; the county changed {0} households</translation>
    </message>
    <message>
        <source>备份写到哪个U盘</source>
        <translation>Where to put the backup</translation>
    </message>
    <message>
        <source>正在备份到 {0} …</source>
        <translation>Backing up to {0} …</translation>
    </message>
    <message>
        <source>已备份到 {0}，用现在的口令可以恢复</source>
        <translation>Backed up to {0}; today&apos;s passphrase restores it</translation>
    </message>
    <message>
        <source>；正在取新版本 {0}（{1} MB），可以停止，下次接着取</source>
        <translation>; version {0} of the program is coming ({1} MB). You may stop it; the next time goes on</translation>
    </message>
    <message>
        <source>新版本 {0} 已取到，在“帮助”里点“软件更新…”装上</source>
        <translation>Version {0} of the program has come; put it in place with “Software update…” in the help</translation>
    </message>
    <message>
        <source>新版本还没有取完，下次上传时接着取</source>
        <translation>The new version of the program has not come whole; the next sending goes on</translation>
    </message>
    <message>
        <source>回执在哪里</source>
        <translation>Where the receipts are</translation>
    </message>
    <message>
        <source>县里新确认 {0} 个数据包</source>
        <translation>The county newly confirmed {0} bundles</translation>
    </message>
    <message>
        <source>正在上传…</source>
        <translation>Sending…</translation>
    </message>
    <message>
        <source>县里已接收 {0} 个数据包</source>
        <translation>The county took {0} bundles in</translation>
    </message>
    <message>
        <source>，搁置 {0} 个，原因见上</source>
        <translation>, {0} set aside; see why above</translation>
    </message>
    <message>
        <source>；县里丢了 {0} 个已确认的包，再传一次即可补上</source>
        <translation>; the county has lost {0} bundles that it had confirmed, sending once more mends that</translation>
    </message>
    <message>
        <source>密钥…</source>
        <translation>Keys…</translation>
    </message>
    <message>
        <source>{0} 上有：{1}</source>
        <translation>On {0}: {1}</translation>
    </message>
    <message>
        <source>没有</source>
        <translation>nothing</translation>
    </message>
</context>
<context>
    <name>UnlockScreen</name>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>进入</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>忘记口令…</source>
        <translation>Lost passphrase…</translation>
    </message>
    <message>
        <source>从备份恢复…</source>
        <translation>Restore from a backup…</translation>
    </message>
    <message>
        <source>用户名</source>
        <translation>Name</translation>
    </message>
</context>
<context>
    <name>UpdateDialog</name>
    <message>
        <source>软件更新</source>
        <translation>Software update</translation>
    </message>
    <message>
        <source>新版本有什么变化</source>
        <translation>What is new in it</translation>
    </message>
    <message>
        <source>进度</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>选更新文件…</source>
        <translation>Choose a package…</translation>
    </message>
    <message>
        <source>装上这个版本</source>
        <translation>Put it in place</translation>
    </message>
    <message>
        <source>现在重新启动</source>
        <translation>Restart now</translation>
    </message>
    <message>
        <source>退回上一版本…</source>
        <translation>Go back a version…</translation>
    </message>
    <message>
        <source>关闭</source>
        <translation>Close</translation>
    </message>
    <message>
        <source>现在是 {0}</source>
        <translation>This is {0}</translation>
    </message>
    <message>
        <source>这是从源码运行的程序，请用 git 更新。</source>
        <translation>This program runs from its source; update that with git.</translation>
    </message>
    <message>
        <source>这个程序没有带更新公钥，不能用更新包；请用安装包升级。</source>
        <translation>This program was built without update keys and takes no update package; install the new version as a whole.</translation>
    </message>
    <message>
        <source>{0} 已装好，重新启动后启用；打不开会自动退回现在的版本，数据不受影响。</source>
        <translation>{0} is in place and is tried at the next start; if it does not start, this version comes back by itself and the data is untouched.</translation>
    </message>
    <message>
        <source>用U盘带来的更新文件（{0}），或县服务器发来的。</source>
        <translation>Takes a package ({0}) from a stick, or the one that the county&apos;s server has sent.</translation>
    </message>
    <message>
        <source>上一版本是 {0}，可以退回。</source>
        <translation> The version before is {0}, and you can go back to it.</translation>
    </message>
    <message>
        <source>新版本 {0}（{1}，{2} MB），签名人：{3}。签名已核对。</source>
        <translation>New version {0} ({1}, {2} MB), signed by {3}. The signature holds.</translation>
    </message>
    <message>
        <source>更新文件</source>
        <translation>Update package</translation>
    </message>
    <message>
        <source>更新文件 (*{0})</source>
        <translation>Update packages (*{0})</translation>
    </message>
    <message>
        <source>退回上一版本</source>
        <translation>Go back a version</translation>
    </message>
    <message>
        <source>下次启动改用上一个版本，数据不动。退回吗？</source>
        <translation>The version before is used from the next start on; the data stays as it is. Go back?</translation>
    </message>
    <message>
        <source>退回</source>
        <translation>Go back</translation>
    </message>
    <message>
        <source>下次启动用 {0}。</source>
        <translation>{0} from the next start on.</translation>
    </message>
</context>
<context>
    <name>UserDialog</name>
    <message>
        <source>改口令</source>
        <translation>Another password</translation>
    </message>
    <message>
        <source>新增用户</source>
        <translation>New user</translation>
    </message>
    <message>
        <source>用户名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>角色</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>口令</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>再输一次</source>
        <translation>Once more</translation>
    </message>
    <message>
        <source>确定</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>取消</source>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>两次输入不同</source>
        <translation>The two differ</translation>
    </message>
</context>
<context>
    <name>UsersPage</name>
    <message>
        <source>用户</source>
        <translation>Users</translation>
    </message>
    <message>
        <source>用户名</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>角色</source>
        <translation>Role</translation>
    </message>
    <message>
        <source>可以做什么</source>
        <translation>May</translation>
    </message>
    <message>
        <source>新增用户…</source>
        <translation>New user…</translation>
    </message>
    <message>
        <source>所选改为此角色</source>
        <translation>Give the chosen this role</translation>
    </message>
    <message>
        <source>改口令…</source>
        <translation>Password…</translation>
    </message>
    <message>
        <source>停用所选…</source>
        <translation>Let in no more…</translation>
    </message>
    <message>
        <source>每人用自己的口令登录；口令错三次后要等。每件事都记在谁名下。</source>
        <translation>Everybody signs in with a password of their own; after three wrong ones there is a wait. Every act is written down with who did it.</translation>
    </message>
    <message>
        <source>全部</source>
        <translation>Everything</translation>
    </message>
    <message>
        <source>请先在表里选一人</source>
        <translation>First choose somebody in the table</translation>
    </message>
    <message>
        <source>停用用户</source>
        <translation>Let in no more</translation>
    </message>
    <message>
        <source>停用</source>
        <translation>Let in no more</translation>
    </message>
    <message>
        <source>停用 {0}？以后不能再登录。</source>
        <translation>Let {0} in no more?</translation>
    </message>
</context>
<context>
    <name>VerifyPage</name>
    <message>
        <source>把明白卡的照片、扫描件或 PDF 拖到这里；或把扫码枪读出的文字贴进来。</source>
        <translation>Drop a photo, scan or PDF of a slip here, or paste what a scanner read.</translation>
    </message>
    <message>
        <source>二维码的文字</source>
        <translation>The code&apos;s text</translation>
    </message>
    <message>
        <source>验文字</source>
        <translation>Verify the text</translation>
    </message>
    <message>
        <source>选文件…</source>
        <translation>Choose a file…</translation>
    </message>
    <message>
        <source>明白卡</source>
        <translation>Slip</translation>
    </message>
    <message>
        <source>照片、扫描件 (*.jpg *.jpeg *.png *.pdf *.txt)</source>
        <translation>Photos and scans (*.jpg *.jpeg *.png *.pdf *.txt)</translation>
    </message>
</context>
</TS>
